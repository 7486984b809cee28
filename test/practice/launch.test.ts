import { execFileSync, fork, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { parseAddress, visit } from "@course/lib/peer";
import { BEHAVIOURS, populate, startPracticeNetwork } from "@course/lib/practice";
import { expect, onTestFinished, test } from "vitest";
import { root } from "../../scripts/setup/paths";
import { untilGone } from "../helpers/gone";

const MEGABYTE_IN_KB = 1024;

/** Returns the resident memory of a process, in MB. */
function residentMegabytes(pid: number): number {
  const kilobytes = execFileSync("ps", ["-o", "rss=", "-p", String(pid)], { encoding: "utf8" });
  return Number(kilobytes) / MEGABYTE_IN_KB;
}

const onPosix = test.runIf(process.platform !== "win32");

test("ten thousand peers are one process with less than 300 MB of memory", async () => {
  const startedAt = performance.now();
  const network = await startPracticeNetwork();
  onTestFinished(() => network.close());
  const seconds = (performance.now() - startedAt) / 1000;
  const truth = await network.truth();
  const duplicates = truth.filter(({ address }) => address.startsWith("[::ffff:"));
  expect(truth.filter(({ behaviour }) => behaviour !== "onion")).toHaveLength(10_000 + duplicates.length);
  expect(truth.filter(({ behaviour }) => behaviour === "onion")).toHaveLength(300);
  const megabytes = residentMegabytes(network.pid);
  console.log(`started in ${seconds.toFixed(1)} s, ${megabytes.toFixed(0)} MB`);
  expect(megabytes).toBeLessThan(300);
});

test("ten thousand visits one after the other take 60 to 100 minutes by the delays", () => {
  const visitMs = populate(1, 10_000).peers.map(({ behaviour, delayMs, variant }) => {
    if (behaviour === "refusing" || (behaviour === "hanging-up" && variant < 0.5)) return 0;
    return BEHAVIOURS[behaviour].outcome === "ANSWER_TIMEOUT" ? 1000 : Math.min(delayMs, 1000);
  });
  const meanMs = visitMs.reduce((sum, ms) => sum + ms) / visitMs.length;
  const minutes = (meanMs * visitMs.length) / 60_000;
  console.log(`a visit takes ${meanMs.toFixed(0)} ms in the mean, all of them ${minutes.toFixed(0)} minutes`);
  expect(minutes).toBeGreaterThan(60);
  expect(minutes).toBeLessThan(100);
});

test("a network in a child process has the methods of one in this process", async () => {
  const network = await startPracticeNetwork({ peers: 20, latency: 0 });
  onTestFinished(() => network.close());
  const { address } = (await network.truth()).find(({ outcome }) => outcome === "version")!;
  expect((await visit(parseAddress(address))).error).toBeUndefined();
  await network.throttle(true);
  expect((await fetch(`${network.api}snapshots/latest/`)).status).toBe(429);
  await network.close();
  await untilGone([network.pid]);
});

test("startPracticeNetwork() rejects with the PracticeError of the child process", async () => {
  await expect(startPracticeNetwork({ peers: 0 })).rejects.toMatchObject({
    name: "PracticeError",
    code: "BAD_OPTION",
  });
});

const STARTS_AND_STAYS = `
  const { startPracticeNetwork } = require("@course/lib/practice");
  setInterval(() => {}, 1000);
  startPracticeNetwork({ peers: 3 }).then(({ pid }) => console.log(pid));`;

test("the child process ends when its parent is killed", async () => {
  const parent = spawn(process.execPath, ["-e", STARTS_AND_STAYS], { stdio: ["ignore", "pipe", "inherit"] });
  const pid = Number((await once(parent.stdout, "data"))[0]);
  parent.kill("SIGKILL");
  await untilGone([pid]);
});

const STARTS_AND_ENDS = `
  const childProcess = require("node:child_process");
  const fork = childProcess.fork;
  childProcess.fork = (...args) => {
    const child = fork(...args);
    console.log(child.pid);
    process.kill(process.pid, "SIGKILL");
  };
  require("@course/lib/practice").startPracticeNetwork({ peers: 3 });`;

// Such a network was still running 50 minutes later.
onPosix("the child process ends if its parent was gone at once", async () => {
  const parent = spawn(process.execPath, ["-e", STARTS_AND_ENDS], { stdio: ["ignore", "pipe", "inherit"] });
  const [output] = (await once(parent.stdout, "data")) as [Buffer];
  await untilGone([Number(output)]);
});

onPosix("the child process ends if the process with its parent's id is not its parent", async () => {
  const script = path.join(root, "lib", "dist", "practice", "server", "child-main.js");
  const child = fork(script, ['{"peers":3}', "1"], { execArgv: [], stdio: "ignore" });
  onTestFinished(() => void child.kill("SIGKILL"));
  await once(child, "exit");
});

test("`ended` of a launched network resolves when its process is killed", async () => {
  const network = await startPracticeNetwork({ peers: 3 });
  onTestFinished(() => network.close());
  process.kill(network.pid, "SIGKILL");
  await network.ended;
});

onPosix("the child process ignores SIGINT", async () => {
  const network = await startPracticeNetwork({ peers: 3 });
  onTestFinished(() => network.close());
  process.kill(network.pid, "SIGINT");
  expect((await fetch(network.api)).status).toBe(200);
});

onPosix(
  "startPracticeNetwork() with too few open files rejects with TOO_FEW_FILES and the number needed",
  async () => {
    const script = `
    const { startPracticeNetwork } = require("@course/lib/practice");
    startPracticeNetwork({ peers: 2000 }).catch(({ code, message }) => console.log(code, message));`;
    const command = `ulimit -n 1000; exec "${process.execPath}" -e '${script}'`;
    const output = execFileSync("sh", ["-c", command], { encoding: "utf8" });
    expect(output).toMatch(
      /^TOO_FEW_FILES 2,000 peers need 2,256 open files.* 1,000: .*--peers 488.*ulimit -n 2256/,
    );
  },
);
