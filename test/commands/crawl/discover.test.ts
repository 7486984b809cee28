/** Runs `npm run crawl -- --discover` as a user does: to its end, killed and resumed, and called wrongly. */
import fs from "node:fs";
import path from "node:path";
import { readVisitLines } from "@course/lib/data";
import { addressString } from "@course/lib/peer";
import { type PracticeNetwork, servePracticeNetwork } from "@course/lib/practice";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { type Command, remove, script, temporaryFolder } from "../../helpers/course";
import { until } from "../../helpers/gone";

/** Every third peer never answers. */
let network: PracticeNetwork;
let answering: string[];
let folder: string;

beforeAll(async () => {
  network = await servePracticeNetwork({
    peers: 45,
    latency: 0,
    behaviours: ["polite-modern", "polite-old", "silent"],
  });
  const truth = await network.truth();
  answering = truth.filter(({ outcome }) => outcome === "version").map(({ address }) => address);
  folder = await temporaryFolder();
});
afterAll(async () => {
  await Promise.all([network.close(), remove(folder)]);
});

let files = 0;
const newFile = () => path.join(folder, `found-${++files}.jsonl`);

function discovery(...args: string[]): Command {
  const command = script("crawl", ["--discover", ...args], { BITNODES_URL: network.api });
  onTestFinished(() => void command.child.kill("SIGKILL"));
  return command;
}

/** Returns the peers that answered in a file. Fails if an address has two lines, or a line is cut off. */
function answered(file: string): string[] {
  const { visits, cutBytes } = readVisitLines(file);
  expect(cutBytes).toBe(0);
  expect(new Set(visits.map(({ address }) => addressString(address))).size).toBe(visits.length);
  return visits.filter(({ versionMessage }) => versionMessage).map(({ address }) => addressString(address));
}

/** Returns the whole lines of a file. */
function lines(file: string): string[] {
  return fs.readFileSync(file, "utf8").split("\n").slice(0, -1);
}

/** Returns the addresses that a discovery has heard of. Fails if one is there twice. */
function heard(file: string): string[] {
  const addresses = lines(`${file}.heard`);
  expect(new Set(addresses).size).toBe(addresses.length);
  return addresses;
}

test("a discovery finds every peer that answers, and each line of its file says what came of asking it", async () => {
  const file = newFile();
  const command = discovery("--json", file, "--timeout", "2");
  expect(await command.exitCode()).toBe(0);
  expect(answered(file).sort()).toEqual([...answering].sort());
  const { visits } = readVisitLines(file);
  expect(heard(file).sort()).toEqual(visits.map(({ address }) => addressString(address)).sort());
  const gossip = visits.filter(({ versionMessage }) => versionMessage).map((visit) => visit.gossip);
  expect(new Set(gossip)).toEqual(new Set(["ANSWERED"]));
  expect(command.output).toMatch(/8 of 10 seeds name \d+ addresses\. seed\.rowan\.test: ETIMEOUT\./);
  expect(command.output).toMatch(/Calling them and whom they know, 1,000 at a time; each has 2 s to connect/);
  expect(command.output).toMatch(
    /0 waiting \| 0 under way \| \d+ done \| \d+ answered \| \d+ heard of \| \d+ new\/s/,
  );
  expect(command.output).toMatch(/│ named others +│ +\d+ │ +100% │/);
});

/** How many visits there are between one kill and the next: the first end while the seeds are called. */
const KILLED_AFTER = [1, 20, 90];

test("a discovery that is killed early and late has lost nobody whom it had heard of, and --resume calls none of them twice", async () => {
  const file = newFile();
  const done = () => (fs.existsSync(file) ? readVisitLines(file).visits.length : 0);
  for (const [i, more] of KILLED_AFTER.entries()) {
    const most = done() + more;
    const command = discovery(i === 0 ? "--json" : "--resume", file, "--concurrency", "12", "--timeout", "2");
    await until(() => done() >= most || command.child.exitCode !== null, 5);
    command.child.kill("SIGKILL");
    await command.exitCode();
  }
  const [called, before] = [lines(file), heard(file)];
  fs.appendFileSync(`${file}.heard`, "127.0.");
  const resumed = discovery("--resume", file, "--timeout", "2");
  expect(await resumed.exitCode(), resumed.output).toBe(0);
  expect(resumed.output).toMatch(/has \d+ addresses already, of \d+ heard of, and \d+ are left\./);
  expect(answered(file).sort()).toEqual([...answering].sort());
  expect(lines(file).slice(0, called.length)).toEqual(called);
  expect(heard(file).slice(0, before.length)).toEqual(before);
  expect(heard(file)).toHaveLength(readVisitLines(file).visits.length);
});

test("--dry-run says what the seeds name, and calls nobody", async () => {
  const { connections } = await network.statistics();
  const command = discovery("--dry-run", "--seeds", "seed.oak.test", "seed.nobody.test");
  expect(await command.exitCode()).toBe(0);
  expect(command.output).toMatch(/^seed\.oak\.test: 127\.\S+:\d+ 127\./m);
  expect(command.output).toContain("1 of 2 seeds name");
  expect(command.output).toContain("seed.nobody.test: ENOTFOUND.");
  expect((await network.statistics()).connections).toBe(connections);
});

test("seeds that name nobody fail, and leave no file", async () => {
  const file = newFile();
  const command = discovery("--seeds", "seed.sumac.test", "--json", file);
  expect(await command.exitCode()).toBe(1);
  expect(command.output).toContain("no seed has named an address that may be called");
  expect(command.output).toContain("seed.sumac.test: 8 addresses that no node may have.");
  expect(fs.readdirSync(folder).filter((name) => name.startsWith(path.basename(file)))).toEqual([]);
});
