import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { servePracticeNetwork } from "@course/lib/practice";
import { describe, expect, onTestFinished, test } from "vitest";
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
async function says({ child, text }: Run, expected: string): Promise<void> {
  while (!text.out.includes(expected)) await once(child.stdout!, "data");
}

async function exitCode({ child }: Run): Promise<number | null> {
  return child.exitCode ?? ((await once(child, "exit")) as [number | null])[0];
}

describe("npm run practice", () => {
  test("with --json says in one line where its API is, and stops when interrupted", async () => {
    const run = practice("--peers", "5", "--seed", "3", "--json");
    await says(run, "\n");
    const { api, ...rest } = JSON.parse(run.text.out) as { api: string; peers: number };
    expect(api).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/api\/v1\/$/);
    expect(rest).toEqual({ peers: 5 });
    expect(await (await fetch(api)).json()).toMatchObject({ peers: 5, seed: 3 });
    run.child.kill("SIGINT");
    expect(await exitCode(run)).toBe(0);
    await expect(fetch(api)).rejects.toThrow();
  });

  test("without it says what is there, and how to ask and to stop", async () => {
    const run = practice("--peers", "40", "--latency", "0");
    await says(run, "Ctrl-C stops it.");
    expect(run.text.out).toMatch(/peers +40, and 1 behind Tor/);
    expect(run.text.out).toMatch(/behaviours +polite-modern \d+, /);
    expect(run.text.out).toMatch(/try: curl http:\/\/127\.0\.0\.1:\d+\/api\/v1\/snapshots\/latest\//);
    run.child.kill("SIGTERM");
    expect(await exitCode(run)).toBe(0);
  });

  test("with --behaviour there are peers of those behaviours alone", async () => {
    const run = practice("--peers", "30", "--latency", "0", "--behaviour", "garbage", "cut-off");
    await says(run, "Ctrl-C stops it.");
    expect(run.text.out).toMatch(/peers +30, and 0 behind Tor/);
    expect(run.text.out).toMatch(/behaviours +(garbage \d+, cut-off \d+|cut-off \d+, garbage \d+)\n/);
    run.child.kill("SIGTERM");
    expect(await exitCode(run)).toBe(0);
  });

  test.each([
    [["--peers", "many"], "'many' is invalid. Expected a whole number from 1 to"],
    [["--latency", "-1"], "Expected a number from 0"],
    [["--fields", "7"], "Expected 5"],
    [["--behaviour", "rude"], "Allowed choices are polite-modern, polite-old"],
    [["--sed", "1"], "unknown option '--sed'"],
    [["now"], "too many arguments"],
  ])("%j is a wrong call, said in a sentence", async (flags, sentence) => {
    const run = practice(...flags);
    expect(await exitCode(run)).toBe(2);
    expect(run.text.err).toContain(sentence);
    expect(run.text.err).not.toMatch(/^ +at /m);
  });

  test("a port that was asked for and is taken is a wrong call", async () => {
    const other = await servePracticeNetwork({ peers: 1 });
    onTestFinished(() => other.close());
    const { port } = new URL(other.api);
    const run = practice("--port", port, "--peers", "1");
    expect(await exitCode(run)).toBe(2);
    expect(run.text.err).toContain(`Port ${port} of 127.0.0.1 is taken by another program`);
  });

  test("it ends when the npm that started it is killed, behind whose shell it stands", async () => {
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
});
