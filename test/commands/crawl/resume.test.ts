/** Ends `npm run crawl` before it is done, in every way there is, and goes on with its file. */
import fs from "node:fs";
import { readVisitLines, visitLine } from "@course/lib/data";
import { addressString, parseAddress } from "@course/lib/peer";
import { type PracticeNetwork, startPracticeNetwork } from "@course/lib/practice";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import {
  beginCrawl,
  crawl,
  crawlByShell,
  crawlFolder,
  outcomes,
  reported,
  serveStuckNetwork,
  truth,
} from "./crawling";
import { answered } from "./made-up";

const files = crawlFolder();
let stuck: PracticeNetwork;

beforeAll(async () => {
  stuck = await serveStuckNetwork();
});
afterAll(() => stuck.close());

test("a killed crawl has lost no visit that it had reported, and --resume goes on after a line that was cut", async () => {
  const file = files.newFile();
  const killed = await beginCrawl(stuck, file);
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
});

test("an interrupted crawl prints a summary and the command that completes it", async () => {
  const file = files.newFile();
  const command = await beginCrawl(stuck, file);
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
});

test("a full disk ends a crawl with one sentence, and --resume completes its file", async () => {
  const file = files.newFile();
  const command = crawlByShell(stuck, `--json "${file}"`, "ulimit -f 8;");
  expect(await command.exitCode()).toBe(1);
  expect(command.output).toMatch(/takes no more visits \(EFBIG.*\): make room, then go on with --resume/);
  const { visits } = readVisitLines(file);
  expect(visits.length).toBeGreaterThan(0);
  const resumed = crawl(stuck, "--resume", file, "--timeout", "2");
  expect(await resumed.exitCode()).toBe(0);
  expect(outcomes(file)).toEqual(await truth(stuck));
});

// Both wrote every visit that was left.
test("a second crawl into a file that is in use is a wrong call, and the lock of a killed crawl is taken", async () => {
  const file = files.newFile();
  const first = await beginCrawl(stuck, file);
  const link = files.newFile();
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
  expect(fs.readdirSync(files.path).filter((name) => name.includes(".lock"))).toEqual([]);
});

// The networks of two years have some of the same addresses, by chance.
test.each([["--timeout"], ["--discover"]])(
  "--resume with the file of another practice network is a wrong call, with %s too, and the file stays as it is",
  async (flag) => {
    const file = files.newFile();
    const [shared] = Object.keys(await truth(stuck)).map(parseAddress);
    const visits = [[shared[0]], ["127.0.0.2"], ["127.0.0.3"]].map(([host]) => answered("/x/", host));
    visits[0].address = shared;
    const text = visits.map((visit) => `${visitLine(visit)}\n`).join("");
    fs.writeFileSync(file, text);
    fs.writeFileSync(`${file}.heard`, visits.map(({ address }) => `${addressString(address)}\n`).join(""));
    const command = crawl(stuck, "--resume", file, flag, ...(flag === "--timeout" ? ["1"] : []));
    expect(await command.exitCode(), command.output).toBe(2);
    expect(command.output).toMatch(
      /of 3 nodes that answered in .+, the practice network that you have joined has 1: /,
    );
    expect(fs.readFileSync(file, "utf8")).toBe(text);
  },
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
    const file = files.newFile();
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
    const resumed = crawl(next, ...again[1].split(" "), "--concurrency", "100");
    expect(await resumed.exitCode(), resumed.output).toBe(0);
    expect(outcomes(file)).toEqual(expected);
  },
);
