/**
 * What a machine of a shared crawl collects: the visits of all machines in one file, each node's once, and the
 * list that is made of them when the crawl is over.
 *
 * Nothing can be appended to a list (--snapshot, --parquet). So without --json or --resume the visits go to a
 * file beside it. A collector that is started again goes on with that file, and the file is removed when the list
 * is there. Its name holds the id of the crawl and the time at which that was begun: what is left of an earlier
 * crawl of that id stays apart.
 */
import { readVisitLines, type VisitLines } from "@course/lib/data";
import { type ServerConnection, hasHeardOfAny, type Joined } from "@course/lib/frontier";
import type { Visit } from "@course/lib/peer";
import { formatCount, UsageError } from "@course/lib/util";
import fs from "node:fs";
import { lockUntilExit } from "./file-lock";
import { collectCommand, joinCommand } from "./next-command";
import { type Flags, STDOUT } from "./options";
import { changesSentence, requireEarlier, visitsByNode } from "./plan";
import { requireNewSnapshot, snapshotWriter, type SnapshotWriter } from "./snapshot";
import { requireNew, type VisitWriter, writerFor } from "./visit-writer";

/** Returns whether this machine collects the visits of all. */
export function collects({ json, resume, snapshot, parquet }: Flags): boolean {
  return [json, resume, snapshot, parquet].some((file) => file !== undefined);
}

/**
 * Checks the files of a collector, keeps other crawls away from them, and reads that of --resume.
 *
 * @throws UsageError if one of them cannot be used, VisitLineError if that of --resume has no visits.
 */
export function prepareFiles(flags: Flags): VisitLines | undefined {
  const { json, resume, snapshot, parquet } = flags;
  if (json !== undefined && json !== STDOUT) requireNew(json);
  if (resume !== undefined) requireEarlier(resume);
  requireNewSnapshot(flags);
  for (const file of [resume ?? json, snapshot, parquet]) {
    if (file !== undefined && file !== STDOUT) lockUntilExit(file);
  }
  return resume === undefined ? undefined : readVisitLines(resume);
}

export interface Collection {
  writer: VisitWriter;
  /** The visits that the file has already, one per node. */
  earlier: Map<string, Visit>;
  snapshot: SnapshotWriter;
  /** A sentence on these visits, if there are any. */
  sentence?: string;
  /** The command that goes on with it. */
  goOn(): string;
  /** Removes the file beside the list. */
  removeBeside(): void;
}

/**
 * Opens the files of a collector. `lines` are those of the file of --resume.
 *
 * @throws UsageError if a file cannot be written, or if its visits are those of another crawl.
 */
export async function openCollection(
  flags: Flags,
  connection: ServerConnection,
  { begunAt }: Pick<Joined, "begunAt">,
  lines: VisitLines | undefined,
  signal: AbortSignal,
): Promise<Collection> {
  const beside = fileBeside(flags, connection.crawl, begunAt);
  const isLeft = beside !== undefined && fs.existsSync(beside);
  const before = isLeft ? readVisitLines(beside) : lines;
  const { json, resume } = beside === undefined ? flags : isLeft ? { resume: beside } : { json: beside };
  const file = (resume ?? json)!;
  const earlier = visitsByNode(before);
  if (earlier.size > 0 && !(await hasHeardOfAny(connection, [...earlier.keys()]))) {
    throw new UsageError(
      `${file} has visits, and the crawl ${connection.crawl} has heard of none of their addresses: is it another crawl's file? Choose another file, or name the crawl with --crawl ID`,
    );
  }
  return {
    writer: writerFor({ json, resume }, before, signal),
    earlier,
    snapshot: snapshotWriter(flags, before),
    sentence:
      before && `${file} has ${formatCount(earlier.size)} addresses already.${changesSentence(before)}`,
    goOn: () => (beside === undefined ? collectCommand(file) : joinCommand()),
    removeBeside: () => beside !== undefined && fs.rmSync(beside, { force: true }),
  };
}

/** Returns the file for the visits beside the list, if no other is given. */
function fileBeside(
  { json, resume, snapshot, parquet }: Flags,
  crawl: string,
  begunAt: number,
): string | undefined {
  const list = parquet ?? snapshot;
  return list === undefined || (json ?? resume) !== undefined
    ? undefined
    : `${list}.${crawl}-${begunAt}.jsonl`;
}
