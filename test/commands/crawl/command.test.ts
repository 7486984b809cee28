/**
 * Runs `npm run crawl` as a user does: on a practice network, in a pipe and on a terminal, killed,
 * interrupted and resumed.
 */
import { once } from "node:events";
import fs from "node:fs";
import path from "node:path";
import { openCrawl, readVisitLines } from "@course/lib/data";
import { type PracticeNetwork, servePracticeNetwork, startPracticeNetwork } from "@course/lib/practice";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { root } from "../../../scripts/setup/paths";
import { type Command, onTerminal, program, remove, script, temporaryFolder } from "../../helpers/course";

const LIMIT_MS = 90_000;
const FOREVER = ["--timeout", "600"];

let all: PracticeNetwork;
/**
 * Every third peer of this network never answers: with an endless timeout a crawl gets some answers, then
 * waits.
 */
let stuck: PracticeNetwork;
let folder: string;

beforeAll(async () => {
  all = await servePracticeNetwork({ peers: 60, latency: 0 });
  stuck = await servePracticeNetwork({
    peers: 60,
    latency: 0,
    behaviours: ["polite-modern", "polite-old", "silent"],
  });
  folder = await temporaryFolder();
});
afterAll(async () => {
  await Promise.all([all.close(), stuck.close(), remove(folder)]);
});

let files = 0;
const newFile = () => path.join(folder, `crawl-${++files}.jsonl`);

function crawl(network: PracticeNetwork, ...args: string[]): Command {
  const command = script("crawl", args, { BITNODES_URL: network.api });
  onTestFinished(() => void command.child.kill("SIGKILL"));
  return command;
}

/**
 * Reads the outcome of each address in a file: `version` or the error's code.
 *
 * Fails if an address has two lines.
 */
function outcomes(file: string): Record<string, string> {
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
async function truth(network: PracticeNetwork): Promise<Record<string, string>> {
  return Object.fromEntries(
    (await network.truth()).map(({ address, outcome }) => [
      address.replace(/\[::ffff:(.*)\]/, "$1"),
      outcome,
    ]),
  );
}

/** Returns how many visits the last line of progress has reported. */
function reported({ output }: Command): number {
  const [, received, failed] = [...output.matchAll(/% \| (\d+) received \| (\d+) failed/g)].at(-1)!;
  return Number(received) + Number(failed);
}

test(
  "a crawl calls each address once, and each line of its file is the ground truth",
  async () => {
    const file = newFile();
    const command = crawl(all, "--json", file, "--timeout", "3");
    expect(await command.exitCode()).toBe(0);
    expect(outcomes(file)).toEqual(await truth(all));
    expect(command.output).toMatch(
      /^You call the practice network of 2018: 60 made-up nodes, all on this computer\./,
    );
    expect(command.output).toMatch(/Calling \d+ addresses, 1,000 at a time; each has 3 s to connect/);
    expect(command.output).toMatch(/│ a version message │ +\d+ │ \d+\.\d% │/);
    expect(command.output).toMatch(/\d+ addresses in [\d.]+ s, \d+ per second\.\n$/);
    const tenths = command.output.match(/^\d+(\.\d)?% \|/gm)!;
    expect(tenths.length).toBeGreaterThanOrEqual(5);
    expect(tenths.length).toBeLessThanOrEqual(10);
    expect(reported(command)).toBe(Object.keys(await truth(all)).length);
    const tables = await openCrawl(file);
    onTestFinished(() => tables.close());
    const rows = await tables.sql("SELECT count(DISTINCT address) AS n FROM visits");
    expect(rows).toEqual([{ n: reported(command) }]);
  },
  LIMIT_MS,
);

test(
  "npm run crawl --v2 calls encrypted those who speak it, writes it down, and finds all others too",
  async () => {
    const network = await servePracticeNetwork({
      peers: 20,
      latency: 0,
      v2: 0.5,
      behaviours: ["polite-modern", "polite-old"],
    });
    onTestFinished(() => network.close());
    const file = newFile();
    const command = crawl(network, "--v2", "--json", file, "--timeout", "30");
    expect(await command.exitCode()).toBe(0);
    const expected = (await network.truth()).map(({ v2 }) => v2.transport).sort();
    const { visits } = readVisitLines(file);
    expect(visits.map(({ transport }) => transport).sort()).toEqual(expected);
    expect(visits.every(({ versionMessage }) => versionMessage)).toBe(true);
    const encrypted = expected.filter((transport) => transport === "v2").length;
    expect(encrypted).toBeGreaterThan(0);
    expect(command.output).toMatch(new RegExp(`of these encrypted \\(v2\\) +│ +${encrypted} │`));
  },
  LIMIT_MS,
);

test(
  "--json - writes only visits to stdout, and --threads 2 makes them in two threads",
  async () => {
    const command = crawl(stuck, "--json", "-", "--threads", "2", "--timeout", "2", "--concurrency", "50");
    let stdout = "";
    command.child.stdout!.on("data", (chunk: Buffer) => (stdout += chunk));
    expect(await command.exitCode()).toBe(0);
    const file = newFile();
    fs.writeFileSync(file, stdout);
    expect(outcomes(file)).toEqual(await truth(stuck));
    const workers = new Set(readVisitLines(file).visits.map(({ worker }) => worker));
    expect([...workers].sort()).toEqual(["thread 1", "thread 2"]);
    expect(command.output).toContain("50 at a time by 2 threads; each has 2 s to connect");
    expect(command.output).toMatch(/│ ANSWER_TIMEOUT +│ +\d+ │ +[\d.]+% │/);
  },
  LIMIT_MS,
);

test(
  "a killed crawl has lost no visit that it had reported, and --resume goes on after a line that was cut",
  async () => {
    const file = newFile();
    const killed = crawl(stuck, "--json", file, "--concurrency", "8", ...FOREVER);
    await killed.says(/^1\d\.\d% \|/m);
    killed.child.kill("SIGKILL");
    await killed.exitCode();
    const before = fs.readFileSync(file, "utf8");
    expect(readVisitLines(file).visits.length).toBeGreaterThanOrEqual(reported(killed));
    const lastLine = before.trimEnd().split("\n").at(-1)!;
    fs.appendFileSync(file, lastLine.slice(0, 150).replace("127.", "126."));

    const resumed = crawl(stuck, "--resume", file, "--timeout", "2");
    expect(await resumed.exitCode()).toBe(0);
    expect(resumed.output).toMatch(/has \d+ addresses already, and \d+ are left\. Its last line was cut off/);
    expect(resumed.output).toMatch(/60 addresses; \d+ of them now, in /);
    expect(fs.readFileSync(file, "utf8").startsWith(before)).toBe(true);
    expect(outcomes(file)).toEqual(await truth(stuck));
  },
  LIMIT_MS,
);

test(
  "an interrupted crawl prints a summary and the command that completes it",
  async () => {
    const file = newFile();
    const command = crawl(stuck, "--json", file, "--concurrency", "8", ...FOREVER);
    await command.says(/^1\d\.\d% \|/m);
    command.child.kill("SIGINT");
    expect(await command.exitCode()).toBe(130);
    expect(command.output).toMatch(/│ a version message │ +\d+ │ +100% │/);
    expect(command.output).toMatch(/\d+ of 60 addresses in /);
    const [, again] = await command.says(/Interrupted\. To go on: npm run crawl -- (.+)/);
    expect(again).toBe(`--resume ${file} --concurrency 8 --timeout 600`);

    const resumed = crawl(stuck, ...again.replace("8 --timeout 600", "50 --timeout 2").split(" "));
    expect(await resumed.exitCode()).toBe(0);
    expect(outcomes(file)).toEqual(await truth(stuck));
    const complete = crawl(stuck, "--resume", file);
    expect(await complete.exitCode()).toBe(0);
    expect(complete.output).toContain("has 60 addresses already, and none is left to call.");
  },
  LIMIT_MS,
);

test(
  "on a terminal the progress is one line that changes in place, and Ctrl-C through npm ends the crawl",
  async () => {
    const args = ["run", "--silent", "crawl", "--", "--concurrency", "8", ...FOREVER];
    const command = onTerminal("npm", args, { BITNODES_URL: stuck.api });
    onTestFinished(() => void command.child.kill("SIGKILL"));
    await command.says(/[1-9]\d*\.\d% \| \d+ received/);
    command.child.kill("SIGUSR1");
    expect(await command.exitCode()).toBe(130);
    const lines = command.output.split(/\r?\n/);
    expect(lines.filter((line) => line.includes("received |"))).toHaveLength(1);
    expect(command.output).toMatch(/\d+ of 60 addresses in /);
    expect(command.output).toMatch(/Interrupted; the visits were not saved. Use --json FILE/);
  },
  LIMIT_MS,
);

test(
  "a crawl ends when the reader of its stdout closes the pipe",
  async () => {
    const command = crawl(stuck, "--json", "-", "--concurrency", "1", "--timeout", "0.1");
    await once(command.child.stdout!, "data");
    command.child.stdout!.destroy();
    expect(await command.exitCode()).toBe(1);
    expect(command.output).toContain("The reader of the visits has closed the pipe.");
  },
  LIMIT_MS,
);

test(
  "a full disk ends a crawl with one sentence, and --resume completes its file",
  async () => {
    const file = newFile();
    const run = path.join(root, "scripts", "run.cjs");
    const call = `ulimit -f 8; exec "$0" "${run}" crawl --json "${file}"`;
    const command = program("sh", ["-c", call, process.execPath], { BITNODES_URL: stuck.api });
    expect(await command.exitCode()).toBe(1);
    expect(command.output).toMatch(/takes no more visits \(EFBIG.*\): make room, then go on with --resume/);
    const { visits } = readVisitLines(file);
    expect(visits.length).toBeGreaterThan(0);
    const resumed = crawl(stuck, "--resume", file, "--timeout", "2");
    expect(await resumed.exitCode()).toBe(0);
    expect(outcomes(file)).toEqual(await truth(stuck));
  },
  LIMIT_MS,
);

test.runIf(fs.existsSync("/dev/full"))(
  "a full disk behind stdout ends a crawl with one sentence",
  async () => {
    const run = path.join(root, "scripts", "run.cjs");
    const call = `exec "$0" "${run}" crawl --json - > /dev/full`;
    const command = program("sh", ["-c", call, process.execPath], { BITNODES_URL: all.api });
    expect(await command.exitCode()).toBe(1);
    expect(command.output).toMatch(
      /stdout takes no more visits \(.*ENOSPC.*\): make room, or write to a file/,
    );
    expect(command.output).not.toMatch(/^ +at /m);
  },
  LIMIT_MS,
);

// Both wrote every visit that was left.
test(
  "a second crawl into a file that is in use is a wrong call, and the lock of a killed crawl is taken",
  async () => {
    const file = newFile();
    const first = crawl(stuck, "--json", file, "--concurrency", "8", ...FOREVER);
    await first.says(/^1\d\.\d% \|/m);
    const link = newFile();
    fs.symlinkSync(file, link);
    for (const name of [file, link]) {
      const second = crawl(stuck, "--resume", name, "--timeout", "2");
      expect(await second.exitCode()).toBe(2);
      expect(second.output).toContain(
        `${name} is in use by another crawl (process ${first.child.pid}): wait until it has ended`,
      );
    }
    first.child.kill("SIGKILL");
    await first.exitCode();
    expect(fs.existsSync(`${file}.lock`)).toBe(true);

    const both = [1, 2].map(() => crawl(stuck, "--resume", file, "--timeout", "2"));
    const codes = await Promise.all(both.map((command) => command.exitCode()));
    expect(codes).toContain(0);
    expect(outcomes(file)).toEqual(await truth(stuck));
    expect(fs.readdirSync(folder).filter((name) => name.includes(".lock"))).toEqual([]);
  },
  LIMIT_MS,
);

// Of 2,129 visits 1,931 were written as REFUSED, with exit code 0.
test.each([["1"], ["2"]])(
  "a practice network that ends during a crawl by %s threads fails it, and --resume calls the rest",
  async (threads) => {
    const options = {
      peers: 300,
      latency: 0,
      behaviours: ["polite-modern", "refusing", "silent"] as const,
      // A network of another test may take the first free range once this one has ended.
      range: 150 + Number(threads),
    };
    const network = await startPracticeNetwork(options);
    onTestFinished(() => network.close());
    const file = newFile();
    const args = ["--json", file, "--concurrency", "20", "--threads", threads];
    const command = crawl(network, ...args, "--timeout", "1");
    await command.says(/^1\d\.\d% \|/m);
    const expected = await truth(network);
    process.kill(network.pid, "SIGKILL");
    expect(await command.exitCode()).toBe(1);
    const again = await command.says(
      /The practice network has ended during the crawl, and \d+ addresses are left to call: go on with npm run crawl -- (--resume .+), which/,
    );
    expect(expected).toMatchObject(outcomes(file));
    expect(command.output).not.toMatch(/^ +at /m);

    const next = await startPracticeNetwork(options);
    onTestFinished(() => next.close());
    const resumed = crawl(next, ...again[1].split(" "));
    expect(await resumed.exitCode(), resumed.output).toBe(0);
    expect(outcomes(file)).toEqual(expected);
  },
  LIMIT_MS,
);

test(
  "a concurrency above the limit on open files is a wrong call, explained in one sentence",
  async () => {
    const run = path.join(root, "scripts", "run.cjs");
    const call = `ulimit -n 100; exec "$0" "${run}" crawl --json "${newFile()}"`;
    const command = program("sh", ["-c", call, process.execPath], { BITNODES_URL: all.api });
    expect(await command.exitCode()).toBe(2);
    expect(command.output).toMatch(
      /expected `concurrency` to be at most \d+, got 6\d: every visit is an open/,
    );
    expect(command.output).not.toMatch(/^ +at /m);
    expect(fs.existsSync(path.join(folder, `crawl-${files}.jsonl`))).toBe(false);
  },
  LIMIT_MS,
);

test(
  "--live says whose computers it calls, and calls at most 250 at a time",
  async () => {
    const command = crawl(all, "--live", "--json", newFile());
    expect(await command.exitCode()).toBe(0);
    expect(command.output).toMatch(/^You call the live Bitcoin network: the computers of real people\./);
    expect(command.output).toMatch(/Calling 6\d addresses, 250 at a time/);
  },
  LIMIT_MS,
);

test(
  "a crawl without a list of nodes fails with one sentence",
  async () => {
    const command = script("crawl", [], { BITNODES_URL: "http://127.0.0.1:9/api/v1/" });
    expect(await command.exitCode()).toBe(1);
    expect(command.output).toContain("no answer from http://127.0.0.1:9/api/v1/");
    expect(command.output).not.toMatch(/^ +at /m);
  },
  LIMIT_MS,
);

test.each([
  [["--json", "package.json"], "package.json exists, and is not overwritten: use --resume package.json"],
  [["--json", "nowhere/crawl.jsonl"], "there is no folder nowhere to write nowhere/crawl.jsonl to"],
  [["--resume", "nowhere.jsonl"], "there is no file nowhere.jsonl to go on with: use --json nowhere.jsonl"],
  [["--resume", "package.json"], 'package.json, line 1: expected a visit as JSON, got "{"'],
  [["--json", "a", "--resume", "b"], "option '--resume <file>' cannot be used with option '--json <file>'"],
  [["--timeout", "0"], "Expected seconds, above 0 and up to 600"],
  [["--threads", "many"], "Expected a whole number from 1 to 256"],
  [["everybody"], "too many arguments"],
])(
  "npm run crawl -- with %j is a wrong call, explained in one sentence",
  async (flags, sentence) => {
    const before = fs.readFileSync(path.join(root, "package.json"));
    const command = crawl(all, ...flags);
    expect(await command.exitCode()).toBe(2);
    expect(command.output).toContain(sentence);
    expect(command.output).not.toMatch(/^ +at /m);
    expect(fs.readFileSync(path.join(root, "package.json"))).toEqual(before);
  },
  LIMIT_MS,
);
