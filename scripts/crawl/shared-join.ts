/** How a machine joins a shared crawl: where its server is, and what is said of it. */
import { MAX_PER_GROUP } from "@course/lib/discovery";
import {
  type ServerConnection,
  FrontierError,
  joinCrawl,
  type Joined,
  parseServerAddress,
} from "@course/lib/frontier";
import type { Network } from "@course/lib/practice";
import { formatCount, UsageError } from "@course/lib/util";
import colours from "picocolors";
import { ruleOf, seedsFor } from "./discovery";
import { inAllFor } from "./bounds";
import { type Flags, POLITE_CONCURRENCY } from "./options";

export type SharedFlags = Flags & Required<Pick<Flags, "frontier">>;

/** Returns the id of the crawl: that of --crawl, or the network's name. */
export function crawlName({ crawl, live, population }: SharedFlags): string {
  const practice = population === undefined ? "practice" : `practice-${population}`;
  return crawl ?? (live ? "live" : practice);
}

/**
 * Returns the server's address, from the command line or from FRONTIER_URL.
 *
 * @throws UsageError if there is none, or if its password would be seen by others.
 */
export function urlOf({ frontier }: SharedFlags): string {
  const url = frontier === true ? process.env.FRONTIER_URL : frontier;
  if (url === undefined || url === "") {
    throw new UsageError("expected --frontier redis://HOST:PORT, or the address in FRONTIER_URL");
  }
  if (frontier !== true && parseServerAddress(url).hasPassword) {
    throw new UsageError(
      "a password on the command line can be seen by every user of this computer: put the address into the variable FRONTIER_URL, and leave it out after --frontier",
    );
  }
  return url;
}

/** Joins the crawl; begins it with the addresses of the seeds if there is none. */
export async function joinOrBegin(
  connection: ServerConnection,
  worker: string,
  network: Network,
  flags: SharedFlags,
): Promise<Joined> {
  const isPractice = network.name === "practice";
  const wanted = {
    network: network.name,
    maxAddresses: flags.maxAddresses,
    maxUnderWay: inAllFor(network, flags),
  };
  try {
    return said(connection, await joinCrawl(connection, worker, wanted));
  } catch (error) {
    const isMissing = error instanceof FrontierError && error.code === "NO_CRAWL";
    if (!isMissing || flags.resume !== undefined) throw error;
  }
  const { seeds, sentence } = await seedsFor(network, flags, ruleOf(network, flags, {}));
  console.error(sentence);
  const settings = {
    ...wanted,
    maxPerGroup: isPractice ? Infinity : MAX_PER_GROUP,
    maxUnderWay: wanted.maxUnderWay ?? (isPractice ? undefined : POLITE_CONCURRENCY),
  };
  return said(connection, await joinCrawl(connection, worker, settings, seeds));
}

/** Says on stderr what was joined. */
function said({ crawl, shown }: ServerConnection, joined: Joined): Joined {
  const { isNew, state, warning } = joined;
  const what = isNew ? "begun" : "joined";
  const { waiting, underWay, done, workers } = state;
  console.error(
    `Crawl ${crawl} at ${shown}: ${what}; ${formatCount(done)} done, ${formatCount(underWay)} under way, ${formatCount(waiting)} waiting, ${formatCount(workers)} other ${workers === 1 ? "worker" : "workers"}.`,
  );
  if (warning !== undefined && !state.isOver) console.error(colours.yellow(warning));
  return joined;
}
