/**
 * Shows outputs under a cell in the tslab kernel, and prints them to stdout elsewhere.
 *
 * tslab shows one MIME type per call. Its `newDisplay()` makes an output that can be overwritten
 * (https://github.com/yunabe/tslab, `tslab.d.ts`). An output in several MIME types, of which a front
 * end shows one, goes through `lastWriteDisplayData`, which `newDisplay()` itself writes to.
 */
import { kernelGlobals } from "../../kernel/kernel";

interface TslabDisplay {
  raw(contentType: string, content: string): void;
}

/** An output of a cell whose content can be replaced. */
interface LiveOutput {
  /** Shows `content` of a MIME type, and replaces what was shown before. */
  show(mime: string, content: string): void;
}

/** Creates an output under the cell that runs. Outside of a kernel each `show` prints a line to stdout. */
export function newOutput(): LiveOutput {
  if (!kernelGlobals()) return { show: (_mime, content) => console.log(content) };
  const output: TslabDisplay = tslab().newDisplay();
  return {
    show(mime, content) {
      try {
        output.raw(mime, content);
      } catch {
        console.log(content); // "Not ready": no cell is running in Jupyter, as in the grader
      }
    },
  };
}

/** Shows Markdown under the cell. */
export function showMarkdown(markdown: string): void {
  newOutput().show("text/markdown", markdown);
}

/**
 * Shows one output in several forms, given by MIME type.
 *
 * `text/plain` is required: outside of a kernel it is the form that is printed.
 */
export function showBundle(bundle: Record<string, unknown> & { "text/plain": string }): void {
  const write = kernelGlobals() && tslabJupyter().lastWriteDisplayData;
  if (write) write({ data: bundle, metadata: {}, transient: {} }, false);
  else console.log(bundle["text/plain"]);
}

/** Returns tslab's Jupyter module, which writes display messages for the cell that runs: read it per call. */
function tslabJupyter(): { lastWriteDisplayData: ((content: object, update: boolean) => void) | null } {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require("tslab/dist/jupyter") as ReturnType<typeof tslabJupyter>;
}

/** Loads tslab when it is needed: scripts and tests run without it. */
function tslab(): { newDisplay(): TslabDisplay } {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require("tslab") as { newDisplay(): TslabDisplay };
}
