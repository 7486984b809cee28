/** Limits of walled programs, and that nothing of them is left. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import path from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import {
  all,
  graderSource,
  named,
  openFolder,
  runningWith,
  runScript,
  startScript,
  uniqueSeconds,
} from "./walled";

describe.each(named(all))("walls of kind %s", (kind, walls) => {
  test(`walls of kind ${kind} end what a program leaves behind when it ends`, async () => {
    const seconds = uniqueSeconds();
    const { child } = startScript(
      walls,
      `cp.spawn("sleep", ["${seconds}"], { detached: true, stdio: "inherit" }).unref();`,
    );
    child.stdout!.resume();
    await once(child, "close"); // the one that is left holds stdout open
    await expect.poll(() => runningWith(seconds)).toBe(0);
  });

  test(`walls of kind ${kind} end all processes of a program, also detached ones`, async () => {
    const seconds = uniqueSeconds();
    const program = startScript(
      walls,
      `cp.spawn("sh", ["-c", "sleep ${seconds} & sleep ${seconds}"], { detached: true, stdio: "inherit" });
       say("started");`,
    );
    await once(program.child.stdout!, "data");
    program.child.stdout!.resume();
    program.end();
    await once(program.child, "close");
    await expect.poll(() => runningWith(seconds)).toBe(0);
  });

  test.each([
    [
      "memory in buffers",
      { memoryMb: 300 },
      "const all = []; setInterval(() => all.push(Buffer.alloc(2e7, 1)), 1)",
      "it used more than 300 MB of memory",
    ],
    [
      "memory of all its processes",
      { memoryMb: 300 },
      "if (!process.send) for (let i = 0; i < 4; i++) cp.fork(__filename); globalThis.x = Buffer.alloc(1e8, 1); setInterval(() => {}, 1000)",
      "it used more than 300 MB of memory",
    ],
    [
      "output",
      { outputBytes: 100_000 },
      "while (true) say('x'.repeat(1000))",
      "it printed more than 100,000 bytes",
    ],
    [
      "processes",
      { processes: 30 },
      'for (let i = 0; i < 300; i++) cp.spawn("sleep", ["1000"], { detached: true, stdio: "ignore" })',
      "it ran more than 30 processes at once",
    ],
    ["processor time", { cpuSeconds: 1 }, "while (true);", "it used more than 1 s of processor time"],
  ])(`walls of kind ${kind} end a program for its %s`, async (_, limits, source, reason) => {
    const program = startScript(walls, source, { limits });
    program.child.stdout!.resume();
    program.child.stderr!.resume();
    await once(program.child, "close");
    expect(program.brokenLimit).toBe(reason);
  });

  test(`walls of kind ${kind} keep a program from writing large files`, async () => {
    const said = await runScript(
      walls,
      `const file = process.env.HOME + "/x";
       cp.spawnSync(process.execPath, ["-e", "fs.writeFileSync(process.argv[1], Buffer.alloc(2e6))", file]);
       say(fs.statSync(file).size);`,
      { limits: { fileBytes: 1_000_000 } },
    );
    expect(said).toBeLessThanOrEqual(1_000_000);
  });

  test(`walls of kind ${kind} end a program whose grader is killed`, async () => {
    const seconds = uniqueSeconds();
    const script = path.join(openFolder(), "script.cjs");
    fs.writeFileSync(script, `require("child_process").spawn("sleep", ["${seconds}"], { detached: true })`);
    const child = spawn(process.execPath, ["-e", graderSource(walls, script)], { stdio: "ignore" });
    onTestFinished(() => void child.kill("SIGKILL"));
    await expect.poll(() => runningWith(seconds), { timeout: 15_000 }).toBe(1);
    child.kill("SIGKILL");
    await expect.poll(() => runningWith(seconds), { timeout: 15_000 }).toBe(0);
  });
});
