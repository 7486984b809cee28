/** The summary of a crawl, as tables. */
import type { GossipOutcome } from "@course/lib/peer";
import { printable } from "@course/lib/wire";
import type { CrawlStats } from "./stats";
import { mostFrequent, shortened, tableOf } from "../cli/table";
import { duration, percent } from "../cli/format";
import { formatCount } from "@course/lib/util";

const MAX_USER_AGENTS = 5;
/** From this share of late answers on, this computer may be the cause. */
const MANY_LATE = 1 / 3;

/** Returns the summary: outcomes, user agents, timing, and advice if many answers came late. */
export function summary(stats: CrawlStats): string {
  return [outcomes(stats), gossip(stats), userAgents(stats), timing(stats), elsewhere(stats), advice(stats)]
    .filter(Boolean)
    .join("\n");
}

function outcomes({ received, encrypted, lanes, codes, done }: CrawlStats): string {
  const table = tableOf("outcome", "addresses", "share");
  if (received > 0) table.push(["a version message", formatCount(received), percent(received, done)]);
  if (encrypted > 0)
    table.push(["  of these encrypted (v2)", formatCount(encrypted), percent(encrypted, done)]);
  const { tor, i2p } = lanes;
  if (tor > 0) table.push(["  of these behind Tor", formatCount(tor), percent(tor, done)]);
  if (i2p > 0) table.push(["  of these on I2P", formatCount(i2p), percent(i2p, done)]);
  for (const [code, n] of mostFrequent(codes))
    table.push([printable(code), formatCount(n), percent(n, done)]);
  return done > 0 ? table.toString() : "";
}

/** What came of asking for addresses, in words. */
const GOSSIP_WORDS: Readonly<Record<GossipOutcome, string>> = {
  ANSWERED: "named others",
  KNOWS_NOBODY: "named nobody but themselves",
  SILENT: "did not answer",
  HUNG_UP: "hung up",
  MALFORMED: "broke the protocol",
};

function gossip(stats: CrawlStats): string {
  const table = tableOf("asked for addresses", "nodes", "share");
  for (const [outcome, n] of mostFrequent(stats.gossip)) {
    table.push([GOSSIP_WORDS[outcome as GossipOutcome], formatCount(n), percent(n, stats.received)]);
  }
  return stats.gossip.size > 0 ? table.toString() : "";
}

function userAgents({ userAgents, received }: CrawlStats): string {
  const all = mostFrequent(userAgents);
  const table = tableOf("user agent", "nodes", "share");
  for (const [name, n] of all.slice(0, MAX_USER_AGENTS)) {
    table.push([shortened(printable(name)) || "(nothing)", formatCount(n), percent(n, received)]);
  }
  const others = all.slice(MAX_USER_AGENTS);
  const nodes = others.reduce((sum, [, n]) => sum + n, 0);
  if (nodes > 0)
    table.push([`${formatCount(others.length)} other names`, formatCount(nodes), percent(nodes, received)]);
  return received > 0 ? table.toString() : "";
}

function timing({ done, total, sinceBegin, elapsedMs, rate }: CrawlStats): string {
  const addresses =
    done < total
      ? `${formatCount(done)} of ${formatCount(total)} addresses`
      : `${formatCount(total)} addresses`;
  const now = sinceBegin < done ? `; ${formatCount(sinceBegin)} of them now, in` : " in";
  return `${addresses}${now} ${duration(elapsedMs)}, ${formatCount(Math.round(rate))} per second.`;
}

/** Returns how many addresses were heard of in networks that are not called. */
function elsewhere({ elsewhere }: CrawlStats): string {
  if (elsewhere.size === 0) return "";
  const counts = mostFrequent(elsewhere).map(([network, n]) => `${formatCount(n)} in ${network}`);
  return `Heard of, and not called, since plain sockets do not lead there: ${counts.join(", ")}.`;
}

function advice({ codes, done }: CrawlStats): string {
  const late = codes.get("ANSWER_TIMEOUT") ?? 0;
  if (late === 0 || late < MANY_LATE * done) return "";
  return "Many answers came too late, perhaps because this computer is busy: try --concurrency 200, or --timeout 3.";
}
