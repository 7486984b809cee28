/** What each kind of walls holds, tried from inside, and what it does not hold. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import type { Walls } from "@course/lib/grading/walls";
import { describe, expect, onTestFinished, test } from "vitest";
import { root } from "../../scripts/setup/paths";
import { bubblewrap, named, openFolder, own, runScript, strong, user } from "./walled";

describe.each(named(strong))("walls of kind %s", (kind, walls) => {
  test(`walls of kind ${kind} hide the grader's environment, and its processes from signals`, async () => {
    const bystander = spawn("sleep", ["1000"], { stdio: "ignore" });
    onTestFinished(() => void bystander.kill("SIGKILL"));
    const said = await runScript(
      walls,
      `const isApart = "${kind}" === "bubblewrap" ? process.ppid === 1 : process.getuid() >= 40000;
       if (!isApart) throw new Error("these walls do not hold: nothing is killed");
       const killed = [${process.pid}, ${bystander.pid}].map((pid) => attempt(() => process.kill(pid, "SIGKILL")));
       attempt(() => process.kill(-1, "SIGKILL"));
       let environment = "";
       attempt(() => (environment = fs.readFileSync("/proc/" + process.ppid + "/environ", "latin1")));
       say([...killed, environment]);`,
    );
    expect(said).toEqual([
      expect.not.stringMatching("done"),
      expect.not.stringMatching("done"),
      expect.any(String),
    ]);
    expect((said as string[])[2]).not.toContain("VITEST");
    expect([bystander.exitCode, bystander.signalCode]).toEqual([null, null]);
  });

  test(`walls of kind ${kind} hide files that only the grader may read`, async () => {
    const file = path.join(openFolder(), "gradebook.csv");
    fs.writeFileSync(file, "secret", { mode: 0o600 });
    const read = (name: string) => `attempt(() => fs.readFileSync(${JSON.stringify(name)}))`;
    const said = await runScript(walls, `say([${read(file)}, ${read("/etc/shadow")}])`);
    expect(said).not.toContain("done");
  });

  test(`walls of kind ${kind} give no way to more rights, nor to settings of the machine`, async () => {
    const said = await runScript(
      walls,
      `say([attempt(() => fs.openSync("/proc/sys/kernel/core_pattern", "r+")), attempt(() => process.setuid(0)),
        fs.readFileSync("/proc/self/status", "utf8").match(/(CapEff|NoNewPrivs):\\s*\\S+/g)])`,
    );
    expect(said).toEqual([
      expect.stringMatching(/^E(ACCES|ROFS|PERM)$/),
      expect.stringMatching(/^E(PERM|INVAL)$/), // there may be no user 0 at all
      ["CapEff:\t0000000000000000", "NoNewPrivs:\t1"],
    ]);
  });
});

describe.runIf(typeof bubblewrap !== "string")("bubblewrap alone", () => {
  const walls = bubblewrap as Walls;

  test("bubblewrap hides solutions, tests, history, the grader's home and other submissions", async () => {
    const other = openFolder();
    const hidden = ["solutions", "test", ".git", ".course", "notebooks", "scripts"].map((name) =>
      path.join(root, name),
    );
    const paths = [...hidden, os.homedir(), other, "/home", "/root", "/mnt", "/var", "/usr/src"];
    const said = await runScript(walls, `say(${JSON.stringify(paths)}.map((one) => fs.existsSync(one)))`);
    expect(said).toEqual(paths.map(() => false));
  });

  test("a program in bubblewrap reaches no server of this machine, and nothing beyond", async () => {
    expect(await callOut(walls)).toEqual(["ECONNREFUSED", "ENETUNREACH"]);
  });
});

test("the walls of a process, which say so, let a program reach servers of this machine and run what it likes", async () => {
  const walls = own;
  expect((await callOut(walls))[0]).toBe("reached");
  expect(walls.isWeak).toBe(true);
  expect(walls.sentence).toMatch(/your network and your processes are open to it/);
  expect(walls.sentence).toMatch(/bubblewrap/);
});

test.runIf(typeof user !== "string")(
  "the walls of another user, which say so, let a program reach servers of this machine",
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
