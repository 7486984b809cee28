/** The snapshot that a crawl leaves: the nodes that answered, as the bitnodes API lists them. */
import { saveSnapshot, SnapshotBuilder, type VisitLines, writeSnapshot } from "@course/lib/data";
import type { Visit } from "@course/lib/peer";
import { formatCount, UsageError } from "@course/lib/util";
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
   * @throws SnapshotFileError if a file cannot be written.
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
      if (snapshot !== undefined) {
        writeSnapshot(made, snapshot);
        yield `${snapshot} lists the ${nodes}. To serve it as the bitnodes API: npm run serve -- ${snapshot}`;
      }
      if (parquet !== undefined) {
        await saveSnapshot(made, parquet);
        yield `${parquet} lists the ${nodes}.`;
      }
    },
  };
}
