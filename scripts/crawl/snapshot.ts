/** The snapshot that a crawl leaves: the nodes that answered, as the bitnodes API lists them. */
import {
  saveSnapshot,
  SnapshotBuilder,
  SnapshotFileError,
  type VisitLines,
  writeSnapshot,
} from "@course/lib/data";
import type { Visit } from "@course/lib/peer";
import { formatCount, UsageError } from "@course/lib/util";
import fs from "node:fs";
import path from "node:path";
import type { Flags } from "./options";
import { requireNew } from "./visit-writer";

/** Collects the nodes of a snapshot. */
export interface SnapshotWriter {
  /** Adds a visit, whatever came of it. */
  add(visit: Visit): void;
  /**
   * Writes what was asked for, and yields a sentence for each file.
   *
   * @throws SnapshotFileError if a file cannot be written. Then none is left.
   */
  write(): AsyncGenerator<string, void, undefined>;
}

const ANOTHER_NAME = "use another name, or delete it";

/**
 * Checks that the files for a snapshot can be created.
 *
 * @throws UsageError if one exists, if its folder does not, or if two are the same.
 */
export function requireNewSnapshot({ snapshot, parquet, json, resume }: Flags): void {
  const files = [snapshot, parquet].filter((file) => file !== undefined);
  for (const file of files) requireNew(file, ANOTHER_NAME);
  const all = [...files, ...[json, resume].filter((file) => file !== undefined)].map((file) =>
    path.resolve(file),
  );
  if (new Set(all).size < all.length) {
    throw new UsageError("--json, --snapshot and --parquet write a file each: give them different names");
  }
}

/** Returns what collects the nodes of a crawl, those of the earlier visits in `lines` included. */
export function snapshotWriter({ snapshot, parquet }: Flags, lines: VisitLines | undefined): SnapshotWriter {
  if (snapshot === undefined && parquet === undefined) return { add() {}, async *write() {} };
  const builder = new SnapshotBuilder();
  for (const visit of lines?.visits ?? []) builder.add(visit);
  return {
    add: (visit) => builder.add(visit),
    async *write() {
      if (builder.size === 0) return yield "No node has answered, so there is no snapshot to write.";
      const made = builder.snapshot();
      const nodes = `${formatCount(builder.size)} nodes that answered`;
      if (parquet !== undefined) await saveSnapshot(made, parquet);
      try {
        if (snapshot !== undefined) writeSnapshot(made, snapshot);
      } catch (error) {
        if (parquet !== undefined) fs.rmSync(parquet, { force: true }); // so that the command can be repeated
        throw error;
      }
      if (snapshot !== undefined)
        yield `${snapshot} lists the ${nodes}. To serve it as the bitnodes API: npm run serve -- ${snapshot}`;
      if (parquet !== undefined) yield `${parquet} lists the ${nodes}.`;
    },
  };
}

/**
 * Writes what was asked for, and prints a sentence for each file.
 *
 * `goOn` is the command that writes it later, if the visits are saved.
 *
 * @throws SnapshotFileError if a file cannot be written.
 */
export async function writeSnapshots(
  writer: SnapshotWriter,
  print: (sentence: string) => void,
  goOn?: string,
): Promise<void> {
  try {
    for await (const sentence of writer.write()) print(sentence);
  } catch (error) {
    if (!(error instanceof SnapshotFileError) || goOn === undefined) throw error;
    throw new SnapshotFileError(`${error.message}. The visits are saved; to write it later: ${goOn}`);
  }
}
