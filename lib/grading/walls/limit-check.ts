/** Says which limit a program has broken. */
import type { ChildProcess } from "node:child_process";
import { Socket } from "node:net";
import { formatCount } from "../../util/numbers";
import type { ProcessEntry } from "./process-table";
import { memoryOfAll, type ProcessTree } from "./process-tree";
import type { ProgramLimits } from "./walls";

const MEGABYTE = 1024 * 1024;

/** Returns the limit that the processes of a program have broken, as a sentence without its end. */
export function brokenByProcesses(
  tree: ProcessTree,
  table: ProcessEntry[],
  limits: ProgramLimits,
): string | undefined {
  const members = tree.members(table);
  if (members.length > limits.processes)
    return `it ran more than ${formatCount(limits.processes)} processes at once`;
  if (memoryOfAll(members) > limits.memoryMb * MEGABYTE)
    return `it used more than ${formatCount(limits.memoryMb)} MB of memory`;
  if (tree.cpuSeconds > limits.cpuSeconds)
    return `it used more than ${formatCount(limits.cpuSeconds)} s of processor time`;
  return undefined;
}

/** Returns the limit that the output of a program has broken. */
export function brokenByOutput({ stdio }: ChildProcess, limits: ProgramLimits): string | undefined {
  for (const [fd, stream] of stdio.entries()) {
    if (!(stream instanceof Socket)) continue;
    const [limit, verb] = fd <= 2 ? [limits.outputBytes, "printed"] : [limits.channelBytes, "sent"];
    if (stream.bytesRead > limit) return `it ${verb} more than ${formatCount(limit)} bytes`;
  }
  return undefined;
}
