/** What walls hold, tried from inside. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { execFileSync } from "node:child_process";
import { courseFiles, type Walls } from "@course/lib/grading/walls";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { root } from "../../scripts/setup/paths";
import { openFolder, runningWith, runScript, startScript, uniqueSeconds, wallsOr } from "./walled";

const linux = process.platform === "linux";
const isRoot = process.getuid?.() === 0;
const bubblewrap = await wallsOr("bubblewrap");
const user = isRoot && linux ? await wallsOr("user") : "needs root";
const own = await wallsOr("process");

test("bubblewrap is installed where tests have to run", () => {
  if (process.env.CI && linux) expect(bubblewrap).not.toBeTypeOf("string");
});

test.runIf(isRoot && linux)("another user works where tests have to run", () => {
  if (process.env.CI) expect(user).not.toBeTypeOf("string");
});

const all = [bubblewrap, user, own].filter((walls) => typeof walls !== "string");
const strong = all.filter(({ isWeak }) => !isWeak);
const named = (some: Walls[]) => some.map((walls) => [walls.isolation, walls] as const);

const secret = "SECRET_OF_THE_GRADER";
beforeAll(() => void (process.env[secret] = "hunter2"));
afterAll(() => void delete process.env[secret]);

describe.each(named(all))("%s", (kind, walls) => {
  test("lets a program read its folder and the course's files, and use pipes", async () => {
    const folder = openFolder();
    fs.writeFileSync(path.join(folder, "00.ipynb"), "{}");
    const { child } = startScript(
      walls,
      `const lib = require(process.argv[2]);
       fs.writeSync(4, fs.readFileSync(3, "utf8") + fs.readFileSync("00.ipynb", "utf8") + typeof lib.crawl);`,
      { folder, args: [courseFiles()[0]], stdio: ["pipe", "pipe", "inherit", "pipe", "pipe"] },
    );
    (child.stdio[3] as net.Socket).end("hello ");
    const [bytes] = (await once(child.stdio[4]!, "data")) as [Buffer];
    expect(bytes.toString()).toBe("hello {}function");
  });

  test("gives a program a home of its own, no input and nothing of the grader's environment", async () => {
    const said = await runScript(
      walls,
      `fs.writeFileSync(process.env.HOME + "/x", "x"); fs.writeFileSync(require("os").tmpdir() + "/y", "y");
       say([fs.readFileSync(0, "utf8"), process.env.GIVEN, Object.keys(process.env).sort()])`,
      { env: { GIVEN: "1" } },
    );
    const names = ["GIVEN", "HOME", "LANG", "PATH", "TMPDIR"];
    expect(said).toEqual(["", "1", expect.arrayContaining(names)]);
    const others = (said as string[][])[2].filter((name) => !names.includes(name));
    expect(others.filter((name) => name !== "PWD" && name !== "COURSE_WALLED")).toEqual([]);
  });

  test("keeps files from being written", async () => {
    const files = ["lib/dist/x", "node_modules/x", "notebooks/x"].map((name) => path.join(root, name));
    const said = await runScript(
      walls,
      `say([...${JSON.stringify(files)}, "./x", "/usr/x", "/usr/lib/x"].map((file) => attempt(() => fs.writeFileSync(file, "x"))))`,
    );
    expect(said).not.toContain("done");
  });

  test("lets threads, child processes and servers on loopback work", async () => {
    const said = await runScript(
      walls,
      `const { Worker } = require("node:worker_threads");
       const { once } = require("node:events");
       if (process.send) { process.send("child"); process.disconnect(); } else void (async () => {
         const worker = new Worker("require('worker_threads').parentPort.postMessage('thread')", { eval: true });
         const replies = (await Promise.all([once(worker, "message"), once(cp.fork(__filename), "message")])).map(([m]) => m);
         for (const host of ["127.4.5.6", "localhost", "::1"].slice(0, process.argv[2] ? 3 : 2)) {
           const server = net.createServer((socket) => socket.end(host)).listen(0, host);
           await once(server, "listening");
           replies.push(String((await once(net.connect(server.address().port, host), "data"))[0]));
           server.close();
         }
         say(replies);
       })();`,
      { args: kind === "bubblewrap" ? ["::1"] : [] },
    );
    const hosts = kind === "bubblewrap" ? ["127.4.5.6", "localhost", "::1"] : ["127.4.5.6", "localhost"];
    expect(said).toEqual(["thread", "child", ...hosts]);
  });

  test("ends what a program leaves behind when it ends", async () => {
    const seconds = uniqueSeconds();
    const { child } = startScript(
      walls,
      `cp.spawn("sleep", ["${seconds}"], { detached: true, stdio: "inherit" }).unref();`,
    );
    child.stdout!.resume();
    await once(child, "close"); // the one that is left holds stdout open
    await expect.poll(() => runningWith(seconds)).toBe(0);
  });

  test("ends all processes of a program, also detached ones", async () => {
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
  ])("ends a program for its %s", async (_, limits, source, reason) => {
    const program = startScript(walls, source, { limits });
    program.child.stdout!.resume();
    program.child.stderr!.resume();
    const closed = once(program.child, "close");
    expect(await program.breach).toBe(reason);
    expect(program.brokenLimit).toBe(reason);
    await closed;
  });

  test("keeps a program from writing large files", async () => {
    const said = await runScript(
      walls,
      `const file = process.env.HOME + "/x";
       cp.spawnSync(process.execPath, ["-e", "fs.writeFileSync(process.argv[1], Buffer.alloc(2e6))", file]);
       say(fs.statSync(file).size);`,
      { limits: { fileBytes: 1_000_000 } },
    );
    expect(said).toBeLessThanOrEqual(1_000_000);
  });

  test("ends a program whose grader is killed", async () => {
    const seconds = uniqueSeconds();
    const script = path.join(openFolder(), "script.cjs");
    fs.writeFileSync(script, `require("child_process").spawn("sleep", ["${seconds}"], { detached: true })`);
    const grader = `
      const { chooseWalls } = require(${JSON.stringify(path.join(courseFiles()[0], "dist/grading/walls"))});
      chooseWalls("${kind}").then((walls) =>
        walls.spawn({ script: ${JSON.stringify(script)}, folder: ${JSON.stringify(path.dirname(script))}, stdio: "ignore" }));`;
    const child = spawn(process.execPath, ["-e", grader], { stdio: "ignore" });
    onTestFinished(() => void child.kill("SIGKILL"));
    await expect.poll(() => runningWith(seconds), { timeout: 15_000 }).toBe(1);
    child.kill("SIGKILL");
    await expect.poll(() => runningWith(seconds), { timeout: 15_000 }).toBe(0);
  });

  test("does not mind a pipe, a device or a link in the folder, nor that only its owner may read it", async () => {
    const folder = openFolder();
    execFileSync("mkfifo", [path.join(folder, "00.ipynb")]);
    fs.symlinkSync("/dev/zero", path.join(folder, "01.ipynb"));
    fs.symlinkSync("/etc/shadow", path.join(folder, "02.ipynb"));
    fs.writeFileSync(path.join(folder, "03.ipynb"), "{}", { mode: 0o600 });
    const said = await runScript(walls, `say(fs.readFileSync("03.ipynb", "utf8"))`, { folder });
    expect(said).toBe("{}");
  });
});

describe.each(named(strong))("%s", (kind, walls) => {
  test("hides the grader's environment, and its processes from signals", async () => {
    const bystander = spawn("sleep", ["1000"], { stdio: "ignore" });
    onTestFinished(() => void bystander.kill("SIGKILL"));
    const said = await runScript(
      walls,
      `if (process.getuid() === 0) throw new Error("these walls do not hold: nothing is killed");
       const signalled = [process.ppid, ${process.pid}, ${bystander.pid}].map((pid) => attempt(() => process.kill(pid, "SIGKILL")));
       attempt(() => process.kill(-1, "SIGKILL"));
       const environment = [process.ppid, ${process.pid}].map((pid) => attempt(() => fs.readFileSync("/proc/" + pid + "/environ")));
       say([...signalled, ...environment]);`,
    );
    expect(said).not.toContain("done");
    expect([bystander.exitCode, bystander.signalCode]).toEqual([null, null]);
  });

  test("hides files that only the grader may read", async () => {
    const file = path.join(openFolder(), "gradebook.csv");
    fs.writeFileSync(file, "secret", { mode: 0o600 });
    const read = (name: string) => `attempt(() => fs.readFileSync(${JSON.stringify(name)}))`;
    const said = await runScript(walls, `say([${read(file)}, ${read("/etc/shadow")}])`);
    expect(said).not.toContain("done");
  });

  test("gives no way to more rights, nor to settings of the machine", async () => {
    const said = await runScript(
      walls,
      `say([attempt(() => fs.openSync("/proc/sys/kernel/core_pattern", "r+")), attempt(() => process.setuid(0)),
        fs.readFileSync("/proc/self/status", "utf8").match(/(CapEff|NoNewPrivs):\\s*\\S+/g)])`,
    );
    expect(said).toEqual([
      expect.stringMatching(/^E(ACCES|ROFS|PERM)$/),
      "EPERM",
      ["CapEff:\t0000000000000000", "NoNewPrivs:\t1"],
    ]);
  });
});

describe.runIf(typeof bubblewrap !== "string")("bubblewrap alone", () => {
  const walls = bubblewrap as Walls;

  test("hides solutions, tests, history, the grader's home and other submissions", async () => {
    const other = openFolder();
    const hidden = ["solutions", "test", ".git", ".course", "notebooks", "scripts"].map((name) =>
      path.join(root, name),
    );
    const paths = [...hidden, os.homedir(), other, "/home", "/root", "/mnt", "/var", "/usr/src"];
    const said = await runScript(walls, `say(${JSON.stringify(paths)}.map((one) => fs.existsSync(one)))`);
    expect(said).toEqual(paths.map(() => false));
  });

  test("reaches no server of this machine, and nothing beyond", async () => {
    expect(await callOut(walls)).toEqual(["ECONNREFUSED", "ENETUNREACH"]);
  });
});

test("a process reaches servers of this machine and runs what it likes, and says so", async () => {
  const walls = own as Walls;
  expect((await callOut(walls))[0]).toBe("reached");
  expect(walls.isWeak).toBe(true);
  expect(walls.sentence).toMatch(/your network and your processes are open to it/);
  expect(walls.sentence).toMatch(/bubblewrap/);
});

test.runIf(typeof user !== "string")(
  "another user reaches servers of this machine, and says so",
  async () => {
    expect((await callOut(user as Walls))[0]).toBe("reached");
    expect((user as Walls).sentence).toMatch(/reaches the network/);
  },
);

/** Returns what comes of calls to a server on this machine's loopback, and to an address that nobody has. */
async function callOut(walls: Walls): Promise<string[]> {
  const server = net.createServer((socket) => socket.destroy()).listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const { port } = server.address() as net.AddressInfo;
  // Where there is a network, the call to 192.0.2.1 would wait for long.
  const said = await runScript(
    walls,
    `const call = (port, host) => new Promise((resolve) => {
       const socket = net.connect({ port, host, timeout: 200 });
       socket.on("connect", () => resolve("reached")).on("error", ({ code }) => resolve(code)).on("timeout", () => resolve("timeout"));
     });
     void (async () => { say([await call(${port}, "127.0.0.1"), await call(80, "192.0.2.1")]); process.exit(); })();`,
  );
  return said as string[];
}
