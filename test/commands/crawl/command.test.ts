/** Runs `npm run crawl` as a user does: on a practice network, in a pipe and on a terminal. */
import { once } from "node:events";
import fs from "node:fs";
import path from "node:path";
import { openCrawl, readVisitLines } from "@course/lib/data";
import { type PracticeNetwork, servePracticeNetwork } from "@course/lib/practice";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { root } from "../../../scripts/setup/paths";
import { onTerminal, script } from "../../helpers/course";
import {
  crawl,
  crawlByShell,
  crawlFolder,
  ENDLESS,
  outcomes,
  reported,
  serveStuckNetwork,
  truth,
} from "./crawling";

const files = crawlFolder();
let all: PracticeNetwork;
let stuck: PracticeNetwork;

beforeAll(async () => {
  all = await servePracticeNetwork({ peers: 60, latency: 0 });
  stuck = await serveStuckNetwork();
});
afterAll(() => Promise.all([all.close(), stuck.close()]));

test("a crawl calls each address once, and each line of its file is the ground truth", async () => {
  const file = files.newFile();
  const command = crawl(all, "--json", file, "--timeout", "6");
  expect(await command.exitCode()).toBe(0);
  expect(outcomes(file)).toEqual(await truth(all));
  expect(command.output).toMatch(
    /^You call the practice network of 2018: 60 made-up nodes, all on this computer\./,
  );
  expect(command.output).toMatch(/Calling \d+ addresses, 1,000 at a time; each has 6 s to connect/);
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
});

test("npm run crawl --v2 calls encrypted those who speak it, writes it down, and finds all others too", async () => {
  const network = await servePracticeNetwork({
    peers: 20,
    latency: 0,
    v2: 0.5,
    behaviours: ["polite-modern", "polite-old"],
  });
  onTestFinished(() => network.close());
  const file = files.newFile();
  const command = crawl(network, "--v2", "--json", file, "--timeout", "30");
  expect(await command.exitCode()).toBe(0);
  const expected = (await network.truth()).map(({ v2 }) => v2.transport).sort();
  const { visits } = readVisitLines(file);
  expect(visits.map(({ transport }) => transport).sort()).toEqual(expected);
  expect(visits.every(({ versionMessage }) => versionMessage)).toBe(true);
  const encrypted = expected.filter((transport) => transport === "v2").length;
  expect(encrypted).toBeGreaterThan(0);
  expect(command.output).toMatch(new RegExp(`of these encrypted \\(v2\\) +│ +${encrypted} │`));
});

test("--json - writes only visits to stdout, and --threads 2 makes them in two threads", async () => {
  const command = crawl(stuck, "--json", "-", "--threads", "2", "--timeout", "2", "--concurrency", "50");
  let stdout = "";
  command.child.stdout!.on("data", (chunk: Buffer) => (stdout += chunk));
  expect(await command.exitCode()).toBe(0);
  const file = files.newFile();
  fs.writeFileSync(file, stdout);
  expect(outcomes(file)).toEqual(await truth(stuck));
  const workers = new Set(readVisitLines(file).visits.map(({ worker }) => worker));
  expect([...workers].sort()).toEqual(["thread 1", "thread 2"]);
  expect(command.output).toContain("50 at a time by 2 threads; each has 2 s to connect");
  expect(command.output).toMatch(/│ ANSWER_TIMEOUT +│ +\d+ │ +[\d.]+% │/);
});

test("on a terminal the progress is one line that changes in place, and Ctrl-C through npm ends the crawl", async () => {
  const args = ["run", "--silent", "crawl", "--", ...ENDLESS];
  const command = onTerminal("npm", args, { BITNODES_URL: stuck.api });
  onTestFinished(() => void command.child.kill("SIGKILL"));
  await command.says(/[1-9]\d*\.\d% \| \d+ received/);
  command.child.kill("SIGUSR1");
  expect(await command.exitCode()).toBe(130);
  const lines = command.output.split(/\r?\n/);
  expect(lines.filter((line) => line.includes("received |"))).toHaveLength(1);
  expect(command.output).toMatch(/\d+ of 60 addresses in /);
  expect(command.output).toMatch(/Interrupted; the visits were not saved. Use --json FILE/);
});

test("a crawl ends when the reader of its stdout closes the pipe", async () => {
  const command = crawl(stuck, "--json", "-", "--concurrency", "1", "--timeout", "0.1");
  await once(command.child.stdout!, "data");
  command.child.stdout!.destroy();
  expect(await command.exitCode()).toBe(1);
  expect(command.output).toContain("The reader of the visits has closed the pipe.");
});

test.runIf(fs.existsSync("/dev/full"))(
  "a full disk behind stdout ends a crawl with one sentence",
  async () => {
    const command = crawlByShell(all, "--json - > /dev/full");
    expect(await command.exitCode()).toBe(1);
    expect(command.output).toMatch(
      /stdout takes no more visits \(.*ENOSPC.*\): make room, or write to a file/,
    );
    expect(command.output).not.toMatch(/^ +at /m);
  },
);

test("a concurrency above the limit on open files is a wrong call, explained in one sentence", async () => {
  const file = files.newFile();
  const command = crawlByShell(all, `--json "${file}"`, "ulimit -n 100;");
  expect(await command.exitCode()).toBe(2);
  expect(command.output).toMatch(/expected `concurrency` to be at most \d+, got 6\d: every visit is an open/);
  expect(command.output).not.toMatch(/^ +at /m);
  expect(fs.existsSync(file)).toBe(false);
});

test("--live says whose computers it calls, and calls at most 250 at a time", async () => {
  const command = crawl(all, "--live", "--json", files.newFile());
  expect(await command.exitCode()).toBe(0);
  expect(command.output).toMatch(/^You call the live Bitcoin network: the computers of real people\./);
  expect(command.output).toMatch(/Calling 6\d addresses, 250 at a time/);
});

test("a crawl without a list of nodes fails with one sentence", async () => {
  const command = script("crawl", [], { BITNODES_URL: "http://127.0.0.1:9/api/v1/" });
  expect(await command.exitCode()).toBe(1);
  expect(command.output).toContain("no answer from http://127.0.0.1:9/api/v1/");
  expect(command.output).not.toMatch(/^ +at /m);
});

test.each([
  [["--json", "package.json"], "package.json exists, and is not overwritten: use --resume package.json"],
  [["--json", "nowhere/crawl.jsonl"], "there is no folder nowhere to write nowhere/crawl.jsonl to"],
  [["--resume", "nowhere.jsonl"], "there is no file nowhere.jsonl to go on with: use --json nowhere.jsonl"],
  [["--resume", "package.json"], 'package.json, line 1: expected a visit as JSON, got "{"'],
  [["--json", "a", "--resume", "b"], "option '--resume <file>' cannot be used with option '--json <file>'"],
  [["--timeout", "0"], "Expected seconds, above 0 and up to 600"],
  [["--threads", "many"], "Expected a whole number from 1 to 256"],
  [["everybody"], "too many arguments"],
])("npm run crawl -- with %j is a wrong call, explained in one sentence", async (flags, sentence) => {
  const before = fs.readFileSync(path.join(root, "package.json"));
  const command = crawl(all, ...flags);
  expect(await command.exitCode()).toBe(2);
  expect(command.output).toContain(sentence);
  expect(command.output).not.toMatch(/^ +at /m);
  expect(fs.readFileSync(path.join(root, "package.json"))).toEqual(before);
});
