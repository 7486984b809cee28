/** What the tests of `npm run crawl` have in common. */
import path from "node:path";
import { readVisitLines } from "@course/lib/data";
import { type PracticeNetwork, servePracticeNetwork } from "@course/lib/practice";
import { afterAll, beforeAll, expect, onTestFinished } from "vitest";
import { root } from "../../../scripts/setup/paths";
import { type Command, program, remove, script, temporaryFolder } from "../../helpers/course";

/** Gives the tests of a file a folder for crawls, which is removed after them. */
export function crawlFolder(): { readonly path: string; newFile(): string } {
  let folder = "";
  let files = 0;
  beforeAll(async () => {
    folder = await temporaryFolder();
  });
  afterAll(() => remove(folder));
  return {
    get path() {
      return folder;
    },
    newFile: () => path.join(folder, `crawl-${++files}.jsonl`),
  };
}

/**
 * Starts a network of 60 peers, every third of which never answers: with an endless timeout a crawl gets some
 * answers, then waits.
 */
export function serveStuckNetwork(): Promise<PracticeNetwork> {
  return servePracticeNetwork({
    peers: 60,
    latency: 0,
    behaviours: ["polite-modern", "polite-old", "silent"],
  });
}

/** With these a crawl of that network does not end by itself, and goes on as slowly as one can look. */
export const ENDLESS = ["--concurrency", "8", "--timeout", "600"];

/** Runs `npm run crawl` on a network, until the test is over. */
export function crawl(network: PracticeNetwork, ...args: string[]): Command {
  const command = script("crawl", args, { BITNODES_URL: network.api });
  onTestFinished(() => void command.child.kill("SIGKILL"));
  return command;
}

/** Starts a crawl of the network with peers that never answer, and waits until some have answered. */
export async function beginCrawl(network: PracticeNetwork, file: string): Promise<Command> {
  const command = crawl(network, "--json", file, ...ENDLESS);
  await command.says(/^1\d\.\d% \|/m);
  return command;
}

/** Runs a crawl by a shell, after another command of the shell if one is given: a limit, for example. */
export function crawlByShell(network: PracticeNetwork, args: string, before = ""): Command {
  const call = `${before} exec "$0" "${path.join(root, "scripts", "run.cjs")}" crawl ${args}`;
  return program("sh", ["-c", call, process.execPath], { BITNODES_URL: network.api });
}

/**
 * Reads the outcome of each address in a file: `version` or the error's code.
 *
 * Fails if an address has two lines.
 */
export function outcomes(file: string): Record<string, string> {
  const { visits, cutBytes } = readVisitLines(file);
  expect(cutBytes).toBe(0);
  const entries = visits.map(({ address: [host, port], error }) => [
    `${host.includes(":") ? `[${host}]` : host}:${port}`,
    error?.code ?? "version",
  ]);
  expect(new Set(entries.map(([address]) => address)).size).toBe(entries.length);
  return Object.fromEntries(entries) as Record<string, string>;
}

/** The ground truth of each node. A node that the list has as IPv4-mapped IPv6 too is one node. */
export async function truth(network: PracticeNetwork): Promise<Record<string, string>> {
  return Object.fromEntries(
    (await network.truth()).map(({ address, outcome }) => [
      address.replace(/\[::ffff:(.*)\]/, "$1"),
      outcome,
    ]),
  );
}

/** Returns how many visits the last line of progress has reported. */
export function reported({ output }: Command): number {
  const [, received, failed] = [...output.matchAll(/% \| (\d+) received \| (\d+) failed/g)].at(-1)!;
  return Number(received) + Number(failed);
}
