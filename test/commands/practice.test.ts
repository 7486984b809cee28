import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { practiceNetwork } from "../helpers/practice-network";
import { untilGone } from "../helpers/gone";
import { root } from "../../scripts/setup/paths";

const RUN = path.join(root, "scripts", "run.cjs");

interface Run {
  child: ChildProcess;
  text: { out: string; err: string };
}

function practice(...flags: string[]): Run {
  const child = spawn(process.execPath, [RUN, "practice", ...flags], { stdio: ["ignore", "pipe", "pipe"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const text = { out: "", err: "" };
  child.stdout.on("data", (chunk: Buffer) => (text.out += chunk));
  child.stderr.on("data", (chunk: Buffer) => (text.err += chunk));
  return { child, text };
}

/** Resolves when the command's output contains `expected`. */
async function prints({ child, text }: Run, expected: string): Promise<void> {
  while (!text.out.includes(expected)) await once(child.stdout!, "data");
}

async function exitCode({ child }: Run): Promise<number | null> {
  return child.exitCode ?? ((await once(child, "exit")) as [number | null])[0];
}

describe("npm run practice", () => {
  test("npm run practice with --population serves the nodes of that year, and refuses others", async () => {
    const run = practice("--peers", "5", "--population", "2026", "--json");
    await prints(run, "\n");
    expect(JSON.parse(run.text.out)).toMatchObject({ peers: 5, population: "2026" });
    run.child.kill("SIGINT");
    expect(await exitCode(practice("--population", "2020"))).toBe(2);
  });

  test("npm run practice with --json prints its API in one line, and stops at SIGINT", async () => {
    const run = practice("--peers", "5", "--seed", "3", "--json");
    await prints(run, "\n");
    const { api, ...rest } = JSON.parse(run.text.out) as { api: string; peers: number };
    expect(api).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/api\/v1\/$/);
    expect(rest).toEqual({ peers: 5, population: "2018", token: expect.stringMatching(/^[0-9a-f]{32}$/) });
    expect(await (await fetch(api)).json()).toMatchObject({ peers: 5, seed: 3 });
    run.child.kill("SIGINT");
    expect(await exitCode(run)).toBe(0);
    await expect(fetch(api)).rejects.toThrow();
  });

  test("npm run practice prints its peers and behaviours, how to use the API and how to stop", async () => {
    const run = practice("--peers", "40", "--latency", "0");
    await prints(run, "Ctrl-C stops it.");
    expect(run.text.out).toMatch(/peers +40, and 1 behind Tor/);
    expect(run.text.out).toMatch(/behaviours +polite-modern \d+, /);
    expect(run.text.out).toMatch(/try: curl http:\/\/127\.0\.0\.1:\d+\/api\/v1\/snapshots\/latest\//);
    run.child.kill("SIGTERM");
    expect(await exitCode(run)).toBe(0);
  });

  // --manner is the hidden old name of --behaviour, for one release.
  test.each(["--behaviour", "--manner"])(
    "npm run practice with %s serves peers with these behaviours alone",
    async (flag) => {
      const run = practice("--peers", "30", "--latency", "0", flag, "garbage", "cut-off");
      await prints(run, "Ctrl-C stops it.");
      expect(run.text.out).toMatch(/peers +30, and 0 behind Tor/);
      expect(run.text.out).toMatch(/behaviours +(garbage \d+, cut-off \d+|cut-off \d+, garbage \d+)\n/);
      run.child.kill("SIGTERM");
      expect(await exitCode(run)).toBe(0);
    },
  );

  test("npm run practice --help lists --behaviour and not --manner", async () => {
    const run = practice("--help");
    expect(await exitCode(run)).toBe(0);
    expect(run.text.out).toContain("--behaviour <name...>");
    expect(run.text.out).not.toContain("manner");
  });

  test.each([
    [["--peers", "many"], "'many' is invalid. Expected a whole number from 1 to"],
    [["--latency", "-1"], "Expected a number from 0"],
    [["--fields", "7"], "Expected 5"],
    [["--v2", "80"], "Expected a share from 0 to 1"],
    [["--behaviour", "rude"], "Allowed choices are polite-modern, polite-old"],
    [["--manner", "rude"], "Allowed choices are polite-modern, polite-old"],
    [["--sed", "1"], "unknown option '--sed'"],
    [["now"], "too many arguments"],
  ])("npm run practice with %j exits with 2 and a sentence without a stack", async (flags, sentence) => {
    const run = practice(...flags);
    expect(await exitCode(run)).toBe(2);
    expect(run.text.err).toContain(sentence);
    expect(run.text.err).not.toMatch(/^ +at /m);
  });

  test("npm run practice with a --port that is taken exits with 2 and names the port", async () => {
    const other = await practiceNetwork({ peers: 1 });
    const { port } = new URL(other.api);
    const run = practice("--port", port, "--peers", "1");
    expect(await exitCode(run)).toBe(2);
    expect(run.text.err).toContain(`Port ${port} of 127.0.0.1 is taken by another program`);
  });

  test("npm run practice ends when npm is killed, though a shell stands between the two", async () => {
    const npm = spawn("npm", ["run", "--silent", "practice", "--", "--peers", "3", "--json"], {
      cwd: path.dirname(path.dirname(RUN)),
      stdio: ["ignore", "pipe", "ignore"],
      shell: process.platform === "win32",
    });
    const { api } = JSON.parse(String((await once(npm.stdout, "data"))[0])) as { api: string };
    const { pid } = (await (await fetch(api)).json()) as { pid: number };
    npm.kill("SIGKILL");
    await untilGone([pid]);
  });

  // Such a network ran until the machine was switched off.
  test.runIf(process.platform === "linux")(
    "npm run practice ends if npm was killed before it could watch npm",
    async () => {
      // A shell in npm's place: it starts the command through another shell, and is gone at once.
      const command = `sh -c '"${process.execPath}" "${RUN}" practice --peers 3 --json & echo $!; wait' & sleep 0.1; kill -9 $$`;
      const env = { ...process.env, npm_execpath: "npm" };
      const npm = spawn("sh", ["-c", command], { env, stdio: ["ignore", "pipe", "ignore"] });
      const [pid] = (await once(npm.stdout, "data")) as [Buffer];
      await untilGone([Number(pid)]);
    },
  );
});
