/** Plans a crawl: which addresses are left to call after an earlier crawl. */
import { type VisitLines } from "@course/lib/data";
import { type AddressTuple, nodeKey, type Visit } from "@course/lib/peer";
import { formatCount, UsageError } from "@course/lib/util";
import fs from "node:fs";

/** Throws a UsageError if there is no file of an earlier crawl. */
export function requireEarlier(file: string): void {
  if (fs.existsSync(file)) return;
  throw new UsageError(`there is no file ${file} to go on with: use --json ${file} to begin one`);
}

export interface Plan {
  /** Addresses left to call. */
  toCall: AddressTuple[];
  /** The visits of the earlier crawl, one per node. */
  earlier: Visit[];
}

/** Returns the visits in a file, one per node: the last, if it was called twice. */
export function visitsByNode(lines: VisitLines | undefined): Map<string, Visit> {
  return new Map(lines?.visits.map((visit) => [nodeKey(visit.address), visit]));
}

/**
 * Returns which of the listed addresses the earlier crawl has not called.
 *
 * @throws UsageError if the earlier crawl has none of them: it may be another network's.
 */
export function planOf(listed: AddressTuple[], file?: string, lines?: VisitLines): Plan {
  const earlier = visitsByNode(lines);
  const toCall = listed.filter((address) => !earlier.has(nodeKey(address)));
  if (earlier.size > 0 && toCall.length === listed.length) {
    throw new UsageError(
      `${file} has ${formatCount(earlier.size)} addresses, and none of them is in the list of this network: is it another network's crawl?`,
    );
  }
  return { toCall, earlier: [...earlier.values()] };
}

/** Returns a sentence on what the file holds and what is left to call. */
export function resumeSentence(file: string, lines: VisitLines, { toCall, earlier }: Plan): string {
  const left = toCall.length === 0 ? "none is left to call" : `${formatCount(toCall.length)} are left`;
  return `${file} has ${formatCount(earlier.length)} addresses already, and ${left}.${changesSentence(lines)}`;
}

/** Returns what is changed in a file before lines are appended to it, as sentences with a space before each. */
export function changesSentence({ cutBytes, converted }: VisitLines): string {
  const cut = cutBytes > 0 ? " Its last line was cut off, and is removed." : "";
  return converted ? `${cut} It is UTF-16, and is rewritten as UTF-8.` : cut;
}
