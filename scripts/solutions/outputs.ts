/** What of a run goes into the repository: outputs that are the same on any machine, or at least name none. */
import os from "node:os";
import type { NotebookCell } from "@course/lib/notebook";
import { root } from "../setup/paths";

/** GitHub shows notebooks up to about this size. */
export const MAX_BYTES = 2_000_000;

interface Output {
  output_type: string;
  data?: Record<string, unknown>;
  name?: string;
  text?: string | string[];
}

/** A cell's outputs for the repository: one stream of a name in a cell, and no stack where a cell was interrupted. */
export function keptOutputs(cell: NotebookCell): Output[] {
  const kept: Output[] = [];
  for (const output of (cell.outputs ?? []) as Output[]) {
    const stream = kept.find(
      ({ output_type, name }) => output_type === "stream" && output_type === output.output_type && name === output.name,
    );
    if (stream) stream.text = textOf(stream) + textOf(output);
    else kept.push({ ...output });
  }
  for (const output of kept) {
    if (output.output_type === "stream") output.text = lines(withoutStack(textOf(output), wasInterrupted(cell)));
  }
  return kept;
}

/** Whether a cell is one that a reader is meant to stop. */
export function wasInterrupted(cell: NotebookCell): boolean {
  const course = cell.metadata?.course as { interruptAfterSeconds?: number } | undefined;
  return course?.interruptAfterSeconds !== undefined;
}

/** What an output has of this machine, if anything: its home folder, or the project's. */
export function machinePath(outputs: unknown): string | undefined {
  const text = JSON.stringify(outputs);
  return [root, os.homedir()].find((folder) => text.includes(JSON.stringify(folder).slice(1, -1)));
}

function textOf({ text }: Output): string {
  return Array.isArray(text) ? text.join("") : (text ?? "");
}

function withoutStack(text: string, interrupted: boolean): string {
  return interrupted ? text.replace(/^ {4}at .*\n?/gm, "") : text;
}

function lines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+/g) ?? [];
}
