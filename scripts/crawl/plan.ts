/** Whom to call, when an earlier crawl has called some already. */
import { readVisitLines, type VisitLines } from "@course/lib/data";
import { addressString, type AddressTuple, type Visit } from "@course/lib/peer";
import { formatCount, UsageError } from "@course/lib/util";
import fs from "node:fs";

/** What the file of an earlier crawl holds. Throws a WrongCall if there is none, a VisitLineError that names the line if it is something else. */
export function readEarlier(file: string): VisitLines {
  if (fs.existsSync(file)) return readVisitLines(file);
  throw new UsageError(`there is no file ${file} to go on with: use --json ${file} to begin one`);
}

export interface Plan {
  /** Those that are still to be called. */
  toCall: AddressTuple[];
  /** The visits that have been made, one an address. */
  earlier: Visit[];
}

/** Calls nobody twice. Throws a WrongCall if the earlier crawl seems to be another network's. */
export function planOf(listed: AddressTuple[], file?: string, lines?: VisitLines): Plan {
  const earlier = new Map(lines?.visits.map((visit) => [addressString(visit.address), visit]));
  const toCall = listed.filter((address) => !earlier.has(addressString(address)));
  if (earlier.size > 0 && toCall.length === listed.length) {
    throw new UsageError(
      `${file} has ${formatCount(earlier.size)} addresses, and none of them is in the list of this network: is it another network's crawl?`,
    );
  }
  return { toCall, earlier: [...earlier.values()] };
}

/** What was read, and what is left to do. */
export function resumeSentence(file: string, { cutBytes }: VisitLines, { toCall, earlier }: Plan): string {
  const cut = cutBytes > 0 ? " Its last line was cut off, and is taken away." : "";
  const left = toCall.length === 0 ? "nobody is left to call" : `${formatCount(toCall.length)} are left`;
  return `${file} has ${formatCount(earlier.length)} addresses already, and ${left}.${cut}`;
}
