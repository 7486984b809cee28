/** What a program has behind walls of every kind, and what it has not. */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import net from "node:net";
import path from "node:path";
import { text } from "node:stream/consumers";
import { courseFiles } from "@course/lib/grading/walls";
import { findProgram } from "@course/lib/util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { root } from "../../scripts/setup/paths";
import {
  all,
  bubblewrap,
  graderSource,
  isRoot,
  linux,
  named,
  openFolder,
  runScript,
  startScript,
  user,
} from "./walled";

test.runIf(linux)(
  "there are strong walls where tests have to run, and if not bubblewrap's, it says why",
  () => {
    if (!process.env.CI) return;
    expect(findProgram("bwrap"), "bubblewrap is not installed").toBeTypeOf("string");
    // A machine may forbid what bubblewrap needs, as most containers do. Then its tests cannot be run there.
    if (typeof bubblewrap === "string") console.warn(`bubblewrap was not tested: ${bubblewrap}`);
    if (isRoot) expect(user).not.toBeTypeOf("string");
  },
);

const secret = "SECRET_OF_THE_GRADER";
beforeAll(() => void (process.env[secret] = "hunter2"));
afterAll(() => void delete process.env[secret]);

describe.each(named(all))("walls of kind %s", (kind, walls) => {
  test(`walls of kind ${kind} let a program read its folder and the course's files, and use pipes`, async () => {
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

  test(`walls of kind ${kind} give a program a home of its own, no input and nothing of the grader's environment`, async () => {
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

  test(`walls of kind ${kind} keep files from a program that the grader was started with`, async () => {
    const folder = openFolder();
    const log = path.join(folder, "log");
    const script = path.join(folder, "script.cjs");
    fs.writeFileSync(log, "all that was said");
    fs.writeFileSync(script, `console.log(require("fs").readSync(30, Buffer.alloc(5)))`);
    const fd = fs.openSync(log, "r+");
    const child = spawn(process.execPath, ["-e", graderSource(walls, script)], {
      stdio: ["ignore", "pipe", "inherit", ...Array<"ignore">(27).fill("ignore"), fd],
    });
    fs.closeSync(fd);
    expect(await text(child.stdout!)).toBe("0\n");
  });

  test(`walls of kind ${kind} keep files from being written`, async () => {
    const files = ["lib/dist/x", "node_modules/x", "notebooks/x"].map((name) => path.join(root, name));
    const said = await runScript(
      walls,
      `say([...${JSON.stringify(files)}, "./x", "/usr/x", "/usr/lib/x"].map((file) => attempt(() => fs.writeFileSync(file, "x"))))`,
    );
    expect(said).not.toContain("done");
  });

  test(`walls of kind ${kind} let threads, child processes and servers on loopback work`, async () => {
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

  test(`walls of kind ${kind} do not mind a pipe, a device or a link in the folder, nor that only its owner may read it`, async () => {
    const folder = openFolder();
    execFileSync("mkfifo", [path.join(folder, "00.ipynb")]);
    fs.symlinkSync("/dev/zero", path.join(folder, "01.ipynb"));
    fs.symlinkSync("/etc/shadow", path.join(folder, "02.ipynb"));
    fs.writeFileSync(path.join(folder, "03.ipynb"), "{}", { mode: 0o600 });
    const said = await runScript(walls, `say(fs.readFileSync("03.ipynb", "utf8"))`, { folder });
    expect(said).toBe("{}");
  });
});
