import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { nodesToAddressTuples } from "@course/lib/bitnodes";
import { visit } from "@course/lib/peer";
import { BEHAVIOURS, populate, startPracticeNetwork } from "@course/lib/practice";
import { expect, onTestFinished, test } from "vitest";
import { untilGone } from "../helpers/gone";

const MEGABYTE_IN_KB = 1024;

/** Memory that a process holds, in MB. */
function residentMegabytes(pid: number): number {
  const kilobytes = execFileSync("ps", ["-o", "rss=", "-p", String(pid)], { encoding: "utf8" });
  return Number(kilobytes) / MEGABYTE_IN_KB;
}

const onPosix = test.runIf(process.platform !== "win32");

test("ten thousand peers are one process, started within seconds and under 300 MB", async () => {
  const startedAt = performance.now();
  const network = await startPracticeNetwork();
  onTestFinished(() => network.close());
  const seconds = (performance.now() - startedAt) / 1000;
  const truth = await network.truth();
  const spellings = truth.filter(({ address }) => address.startsWith("[::ffff:"));
  expect(truth.filter(({ behaviour }) => behaviour !== "onion")).toHaveLength(10_000 + spellings.length);
  expect(truth.filter(({ behaviour }) => behaviour === "onion")).toHaveLength(300);
  const megabytes = residentMegabytes(network.pid);
  console.log(`started in ${seconds.toFixed(1)} s, ${megabytes.toFixed(0)} MB`);
  expect(megabytes).toBeLessThan(300);
});

test("calling ten thousand peers one after the other takes more than an hour", () => {
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

test("a network in another process answers as one in this process does", async () => {
  const network = await startPracticeNetwork({ peers: 20, latency: 0 });
  onTestFinished(() => network.close());
  const { address } = (await network.truth()).find(({ outcome }) => outcome === "version")!;
  const [tuple] = nodesToAddressTuples({ [address]: [0, "", 0, 0, 0] });
  expect((await visit(tuple)).error).toBeUndefined();
  await network.throttle(true);
  expect((await fetch(`${network.api}snapshots/latest/`)).status).toBe(429);
  await network.close();
  await untilGone([network.pid]);
});

test("what keeps it from starting comes out as its error", async () => {
  await expect(startPracticeNetwork({ peers: 0 })).rejects.toMatchObject({
    name: "PracticeError",
    code: "BAD_OPTION",
  });
});

const STARTS_AND_STAYS = `
  const { startPracticeNetwork } = require("@course/lib/practice");
  setInterval(() => {}, 1000);
  startPracticeNetwork({ peers: 3 }).then(({ pid }) => console.log(pid));`;

test("it ends with its parent, even when that is killed", async () => {
  const parent = spawn(process.execPath, ["-e", STARTS_AND_STAYS], { stdio: ["ignore", "pipe", "inherit"] });
  const pid = Number((await once(parent.stdout, "data"))[0]);
  parent.kill("SIGKILL");
  await untilGone([pid]);
});

onPosix("an interrupt that is meant for its parent leaves it running", async () => {
  const network = await startPracticeNetwork({ peers: 3 });
  onTestFinished(() => network.close());
  process.kill(network.pid, "SIGINT");
  expect((await fetch(network.api)).status).toBe(200);
});

onPosix("too few open files is said with the number that is needed", async () => {
  const script = `
    const { startPracticeNetwork } = require("@course/lib/practice");
    startPracticeNetwork({ peers: 2000 }).catch(({ code, message }) => console.log(code, message));`;
  const command = `ulimit -n 1000; exec "${process.execPath}" -e '${script}'`;
  const said = execFileSync("sh", ["-c", command], { encoding: "utf8" });
  expect(said).toMatch(
    /^TOO_FEW_FILES 2,000 peers need 2,256 open files.* 1,000: .*--peers 488.*ulimit -n 2256/,
  );
});
