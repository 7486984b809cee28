import path from "node:path";
import { expect, test } from "vitest";
import { root, venvPython } from "../../scripts/setup/paths";
import { family, listProcesses, parsePs, parseStat, run, stopTree } from "../../scripts/setup/processes";
import { program } from "../helpers/course";
import { untilGone } from "../helpers/gone";

test("a process's parent is read behind its name, whatever that name is", () => {
  expect(parseStat("4711 (a (strange) name) S 42 4711 4711 0 -1")).toEqual({ pid: 4711, parent: 42 });
});

test("ps's columns are read as numbers, and the rest as the command", () => {
  expect(parsePs("    1     0 /sbin/init splash\n 4711    42 node run.cjs  start\n")).toEqual([
    { pid: 1, parent: 0, command: "/sbin/init splash" },
    { pid: 4711, parent: 42, command: "node run.cjs  start" },
  ]);
});

test("the family of a process are those it started, those they started, and those with the mark", () => {
  const entry = (pid: number, parent: number, command = "x") => ({ pid, parent, command });
  const entries = [
    entry(2, 1),
    entry(30, 20),
    entry(20, 10),
    entry(40, 1, "kernel /run/7/k.json"),
    entry(41, 40),
  ];
  expect(family([...entries, entry(10, 1)], 10, "/run/7/").sort()).toEqual([20, 30, 40, 41]);
  expect(family(entries, undefined, "/run/7/").sort()).toEqual([40, 41]);
});

test("we find ourselves among the processes, with our parent", async () => {
  expect(await listProcesses()).toContainEqual(
    expect.objectContaining({ pid: process.pid, parent: process.ppid }),
  );
});

test("what a program writes is given line by line and as a whole, with its status", async () => {
  const lines: string[] = [];
  const code = "console.log('one'); console.error('two'); process.exitCode = 3";
  const outcome = await run(process.execPath, ["-e", code], { onLine: (line) => lines.push(line) });
  expect(outcome.status).toBe(3);
  expect(lines.sort()).toEqual(["one", "two"]);
});

test("a program that is not there has no status", async () => {
  expect(await run("no-such-program", [])).toMatchObject({ status: undefined });
});

test("a program whose signal is aborted is gone when the promise rejects", async () => {
  const controller = new AbortController();
  let pid = NaN;
  const onLine = (line: string) => {
    pid = Number(line);
    controller.abort();
  };
  const forever = "console.log(process.pid); process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)";
  await expect(run(process.execPath, ["-e", forever], { onLine, signal: controller.signal })).rejects.toThrow(
    expect.objectContaining({ name: "AbortError" }),
  );
  await untilGone([pid]);
});

test("a Python module on its leash ends when whoever holds the leash is killed", async () => {
  const processes = path.join(root, "scripts/setup/processes.ts");
  const code = `require(${JSON.stringify(processes)}).runModule(${JSON.stringify(venvPython)}, ["http.server", "0", "--bind", "127.0.0.1"], { onLine: console.log }); console.log("started")`;
  const holder = program(process.execPath, ["-r", "./scripts/cli/typescript.cjs", "-e", code]);
  await holder.says(/started/);
  const children = async () => family(await listProcesses(), holder.child.pid);
  await expect.poll(children, { timeout: 10_000 }).toHaveLength(1);
  const pids = await children();
  holder.child.kill("SIGKILL");
  await untilGone(pids);
});

test("a program that will not end is made to, and so is what it started", async () => {
  const forever = "process.on('SIGTERM', () => {}); console.log(process.pid); setInterval(() => {}, 1000)";
  const code = `${forever}; require("child_process").spawn(process.execPath, ["-e", ${JSON.stringify(forever)}], { stdio: "inherit", detached: true })`;
  const stubborn = program(process.execPath, ["-e", code]);
  await stubborn.says(/\d+\n\d+\n/);
  const pids = stubborn.output.trim().split("\n").map(Number);
  await stopTree(stubborn.child, undefined, 100);
  await untilGone(pids);
  expect(stubborn.child.signalCode).toBe("SIGKILL");
});
