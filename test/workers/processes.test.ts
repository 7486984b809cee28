import { once } from "node:events";
import { fork, type ChildProcess } from "node:child_process";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { createInterface } from "node:readline";
import { onTestFinished, expect, test } from "vitest";
import { crawlInProcesses, FIBONACCI_SCRIPT, ProcessWorker, VISIT_SCRIPT } from "@course/lib/workers";
import { untilGone } from "../helpers/gone";
import { listen, nobody } from "../helpers/loopback";

/** The processes that are started from now on, in this test. */
function startedProcesses(): ChildProcess[] {
  const started: ChildProcess[] = [];
  const onStart = (message: unknown) => started.push((message as { process: ChildProcess }).process);
  subscribe("child_process", onStart);
  onTestFinished(() => void unsubscribe("child_process", onStart));
  return started;
}

test("a process that is killed by its pid is replaced, and asked once more", async () => {
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

test("what a process died of is told", async () => {
  const child = new ProcessWorker(FIBONACCI_SCRIPT, "process 1");
  await expect(child.ask(Infinity)).rejects.toMatchObject({
    code: "WORKER_DIED",
    message: expect.stringContaining("process 1: RangeError: Maximum call stack size exceeded"),
  });
  await child.end();
});

test("^C, which goes to all processes of a terminal, is left to the main program", async () => {
  const started = startedProcesses();
  const child = new ProcessWorker(VISIT_SCRIPT, "process 1");
  const address = await nobody();
  await child.ask(address);
  process.kill(started[0].pid!, "SIGINT");
  expect(await child.ask(address)).toMatchObject({ value: { error: { code: "REFUSED" } } });
  expect(started).toHaveLength(1);
  await child.end();
});

test("processes end when the main program is killed", async () => {
  const silent = await listen(() => {});
  const script = `
    const { crawlInProcesses } = require("@course/lib/workers");
    require("node:diagnostics_channel").subscribe("child_process", ({ process: child }) => {
      child.once("spawn", () => console.log(child.pid));
    });
    const addresses = Array(50).fill(${JSON.stringify(silent.address)});
    (async () => { for await (const _ of crawlInProcesses(addresses, { processes: 2, timeoutMs: 60_000 })); })();`;
  const main = fork("-e", [script], { execArgv: [], stdio: ["ignore", "pipe", "inherit", "ipc"] });
  const pids: number[] = [];
  for await (const line of createInterface({ input: main.stdout! })) {
    if (pids.push(Number(line)) === 2) break;
  }
  await expect.poll(() => silent.sockets.length).toBeGreaterThan(0);
  main.kill("SIGKILL");
  await once(main, "exit");
  await untilGone(pids);
});

test("processes that do not start are an error, not a wait", async () => {
  const started = startedProcesses();
  const onStart = (message: unknown) =>
    (message as { process: ChildProcess }).process.once("spawn", function (this: ChildProcess) {
      this.kill("SIGKILL");
    });
  subscribe("child_process", onStart);
  onTestFinished(() => void unsubscribe("child_process", onStart));
  const loop = (async () => {
    for await (const _ of crawlInProcesses([await nobody()], { processes: 1 }));
  })();
  await expect(loop).rejects.toThrow(/process 1 does not start.*signal SIGKILL/);
  expect(started).toHaveLength(3);
});
