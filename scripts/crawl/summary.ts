/** What a crawl has come to, as a table. */
import { printable } from "@course/lib/wire";
import Table from "cli-table3";
import colours from "picocolors";
import { mostFrequent, type CrawlStats } from "./stats";
import { duration, percent } from "../cli/format";
import { formatCount } from "@course/lib/util";

const MOST_USER_AGENTS = 5;
/** The longest user agent that is shown whole, in characters. */
const LONGEST = 48;

/** From this share on, answers that come too late are a reason to look at this computer. */
const MANY_LATE = 1 / 3;

/** What came of the addresses, who the nodes say they are, and how long it took. */
export function summary(tally: CrawlStats): string {
  return [outcomes(tally), userAgents(tally), timing(tally), advice(tally)].filter(Boolean).join("\n");
}

function outcomes({ received, codes, done }: CrawlStats): string {
  const table = tableOf("what came of it", "addresses", "share");
  if (received > 0) table.push(["a version message", formatCount(received), percent(received, done)]);
  for (const [code, n] of mostFrequent(codes)) table.push([code, formatCount(n), percent(n, done)]);
  return done > 0 ? table.toString() : "";
}

function userAgents({ userAgents, received }: CrawlStats): string {
  const all = mostFrequent(userAgents);
  const table = tableOf("what they call themselves", "nodes", "share");
  for (const [name, n] of all.slice(0, MOST_USER_AGENTS)) {
    table.push([shortened(printable(name)) || "(nothing)", formatCount(n), percent(n, received)]);
  }
  const others = all.slice(MOST_USER_AGENTS);
  const nodes = others.reduce((sum, [, n]) => sum + n, 0);
  if (nodes > 0)
    table.push([`${formatCount(others.length)} other names`, formatCount(nodes), percent(nodes, received)]);
  return received > 0 ? table.toString() : "";
}

/** A table of names and numbers, with no lines between its rows. */
function tableOf(...head: string[]): Table.Table {
  return new Table({
    head: head.map((title) => colours.bold(title)),
    colAligns: ["left", "right", "right"],
    style: { head: [], border: [] },
    chars: { mid: "", "left-mid": "", "mid-mid": "", "right-mid": "" },
  });
}

function shortened(text: string): string {
  const characters = [...text];
  return characters.length > LONGEST ? `${characters.slice(0, LONGEST - 1).join("")}…` : text;
}

function timing({ done, total, sinceBegin, elapsedMs, rate }: CrawlStats): string {
  const addresses =
    done < total
      ? `${formatCount(done)} of ${formatCount(total)} addresses`
      : `${formatCount(total)} addresses`;
  const now = sinceBegin < done ? `; ${formatCount(sinceBegin)} of them now, in` : " in";
  return `${addresses}${now} ${duration(elapsedMs)}, ${formatCount(Math.round(rate))} a second.`;
}

function advice({ codes, done }: CrawlStats): string {
  const late = codes.get("ANSWER_TIMEOUT") ?? 0;
  if (late === 0 || late < MANY_LATE * done) return "";
  return "Many answers came too late, perhaps because this computer is busy: --concurrency 200 asks less of it, --timeout 3 waits longer.";
}
