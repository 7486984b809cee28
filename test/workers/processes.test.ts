import { once } from "node:events";
import { fork, type ChildProcess } from "node:child_process";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { createInterface } from "node:readline";
import { onTestFinished, expect, test } from "vitest";
import { crawlInProcesses, FIBONACCI_SCRIPT, ProcessWorker, VISIT_SCRIPT } from "@course/lib/workers";
import { untilGone } from "../helpers/gone";
import { nobody } from "../helpers/loopback";
import { holdingPeer } from "../helpers/peers";
import { all } from "../helpers/visits";

/** Returns a list of the processes that are started from now on, in this test. */
function startedProcesses(): ChildProcess[] {
  const started: ChildProcess[] = [];
  const onStart = (message: unknown) => started.push((message as { process: ChildProcess }).process);
  subscribe("child_process", onStart);
  onTestFinished(() => void unsubscribe("child_process", onStart));
  return started;
}

test("a process that is killed is replaced, and the new one answers the next request", async () => {
  const started = startedProcesses();
  const child = new ProcessWorker(FIBONACCI_SCRIPT, "process 1");
  expect(await child.ask<bigint>(10)).toMatchObject({ value: 55n, worker: "process 1" });
  const killed = started[0];
  process.kill(killed.pid!, "SIGKILL");
  expect(await child.ask<bigint>(11)).toMatchObject({ value: 89n });
  expect(killed.signalCode).toBe("SIGKILL");
  expect(started).toHaveLength(2);
  await child.end();
});

test("a request that kills two processes rejects with WORKER_DIED, and with what they died of", async () => {
  const child = new ProcessWorker(FIBONACCI_SCRIPT, "process 1");
  await expect(child.ask(Infinity)).rejects.toMatchObject({
    code: "WORKER_DIED",
    message: expect.stringContaining("process 1: RangeError: Maximum call stack size exceeded"),
  });
  await child.end();
});

test("a process ignores Ctrl-C, which a terminal sends to all processes: it is the main program's to handle", async () => {
  const started = startedProcesses();
  const child = new ProcessWorker(VISIT_SCRIPT, "process 1");
  const address = await nobody();
  await child.ask(address);
  process.kill(started[0].pid!, "SIGINT");
  expect(await child.ask(address)).toMatchObject({ value: { error: { code: "REFUSED" } } });
  expect(started).toHaveLength(1);
  await child.end();
});

test("the processes of crawlInProcesses() end when their main program is killed", async () => {
  const peer = await holdingPeer();
  const script = `
    const { crawlInProcesses } = require("@course/lib/workers");
    require("node:diagnostics_channel").subscribe("child_process", ({ process: child }) => {
      child.once("spawn", () => console.log(child.pid));
    });
    const addresses = Array(50).fill(${JSON.stringify(peer.address)});
    (async () => { for await (const _ of crawlInProcesses(addresses, { processes: 2, timeoutMs: 60_000 })); })();`;
  const main = fork("-e", [script], { execArgv: [], stdio: ["ignore", "pipe", "inherit", "ipc"] });
  const pids: number[] = [];
  for await (const line of createInterface({ input: main.stdout! })) {
    if (pids.push(Number(line)) === 2) break;
  }
  await peer.callersReach(1);
  main.kill("SIGKILL");
  await once(main, "exit");
  await untilGone(pids);
});

test("crawlInProcesses() fails when three processes in a row do not start", async () => {
  const started = startedProcesses();
  const onStart = (message: unknown) =>
    (message as { process: ChildProcess }).process.once("spawn", function (this: ChildProcess) {
      this.kill("SIGKILL");
    });
  subscribe("child_process", onStart);
  onTestFinished(() => void unsubscribe("child_process", onStart));
  const crawling = all(crawlInProcesses([await nobody()], { processes: 1 }));
  await expect(crawling).rejects.toThrow(/process 1 does not start.*signal SIGKILL/);
  expect(started).toHaveLength(3);
});
