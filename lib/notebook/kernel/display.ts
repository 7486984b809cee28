/**
 * Showing things in a notebook: through the tslab kernel when we run in one, on stdout elsewhere.
 *
 * tslab shows one MIME type a call; `newDisplay()` makes an output that can be overwritten
 * (https://github.com/yunabe/tslab, `tslab.d.ts`). Several MIME types at once, of which a front end
 * takes the one it likes best, go through what `newDisplay()` itself writes to.
 */
import { kernelGlobals } from "../../checks/kernel-globals";

interface TslabDisplay {
  raw(contentType: string, content: string): void;
}

/** An output of a cell that can be shown again with other content. */
export interface LiveOutput {
  /** Shows `content` of a MIME type, in the place of what was shown before. */
  show(mime: string, content: string): void;
}

/** A new output under the cell that runs. Outside of a kernel each `show` is a line on stdout. */
export function newOutput(): LiveOutput {
  if (!kernelGlobals()) return { show: (_mime, content) => console.log(content) };
  const output: TslabDisplay = tslab().newDisplay();
  return {
    show(mime, content) {
      try {
        output.raw(mime, content);
      } catch {
        console.log(content); // "Not ready": a kernel without a cell, as in the grader
      }
    },
  };
}

/** Shows Markdown once. */
export function showMarkdown(markdown: string): void {
  newOutput().show("text/markdown", markdown);
}

/** Shows one output in several forms, its content by MIME type. `text/plain` must be among them: it is what is printed outside of a kernel. */
export function showBundle(bundle: Record<string, unknown> & { "text/plain": string }): void {
  const write = kernelGlobals() && tslabJupyter().lastWriteDisplayData;
  if (write) write({ data: bundle, metadata: {}, transient: {} }, false);
  else console.log(bundle["text/plain"]);
}

/** What writes a display message for the cell that runs. It is another one for each cell, so it is never kept. */
function tslabJupyter(): { lastWriteDisplayData: ((content: object, update: boolean) => void) | null } {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require("tslab/dist/jupyter") as ReturnType<typeof tslabJupyter>;
}

/** tslab is asked for at run time only: scripts and tests have no use for it. */
function tslab(): { newDisplay(): TslabDisplay } {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require("tslab") as { newDisplay(): TslabDisplay };
}
