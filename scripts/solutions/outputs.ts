/** Prepares the outputs of a run for the repository: they must not name the machine they were made on. */
import os from "node:os";
import type { NotebookCell } from "@course/lib/notebook";
import { root } from "../setup/paths";

/** GitHub shows notebooks up to about this size, in bytes. */
export const MAX_BYTES = 2_000_000;

interface Output {
  output_type: string;
  data?: Record<string, unknown>;
  name?: string;
  text?: string | string[];
}

/** Returns a cell's outputs for the repository: streams of one name are merged. */
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
    if (output.output_type === "stream") output.text = lines(textOf(output));
  }
  return kept;
}

/** Returns whether a cell is one that the reader is asked to interrupt. */
export function wasInterrupted(cell: NotebookCell): boolean {
  const course = cell.metadata?.course as { interruptAfterSeconds?: number } | undefined;
  return course?.interruptAfterSeconds !== undefined;
}

/** Returns a path of this machine in the outputs, if there is one: the home folder or the project's. */
export function machinePath(outputs: unknown): string | undefined {
  const text = JSON.stringify(outputs);
  return [root, os.homedir()].find((folder) => text.includes(JSON.stringify(folder).slice(1, -1)));
}

function textOf({ text }: Output): string {
  return Array.isArray(text) ? text.join("") : (text ?? "");
}

function lines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+/g) ?? [];
}
