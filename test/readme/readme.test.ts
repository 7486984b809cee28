/** Every command of the README, run in a fresh copy of the project, in the order of the page. */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { exercises } from "@course/lib/exercises";
import { type PracticeNetwork, servePracticeNetwork } from "@course/lib/practice";
import type { FrontierServer } from "@course/lib/frontier";
import { hasServer, server } from "../frontier/servers";
import { type Command, commandLine, remove } from "../helpers/course";
import { PROGRAM } from "../helpers/limits";
import { nobody } from "../helpers/loopback";
import { commandsOf } from "./commands-of";
import { freshCopy } from "./fresh-copy";
import { root } from "../../scripts/setup/paths";

/** The folder of the copy. */
let copy: string;
let network: PracticeNetwork;
/** The server of shared crawls, where one is installed. */
let frontier: FrontierServer | undefined;
const FRONTIER = "redis://HOST:6379";

beforeAll(async () => {
  copy = await freshCopy();
  network = await servePracticeNetwork({ peers: 20, latency: 0 });
});

afterAll(async () => {
  await network?.close();
  await frontier?.stop();
  await remove(copy);
}, PROGRAM);

function start(line: string, env: NodeJS.ProcessEnv = {}): Command {
  return commandLine(line, copy, env);
}

/** Runs a command to its end. */
async function run(line: string, env: NodeJS.ProcessEnv = {}) {
  const command = start(line, env);
  const status = await command.exitCode();
  return { status, said: command.output };
}

/** Starts the course without opening a browser here, waits for its address, and presses Ctrl-C. */
async function startAndStop(line: string, env: NodeJS.ProcessEnv): Promise<string> {
  const course = start(`${line} --no-browser`, env);
  const [, origin, token] = await course.says(/(http:\/\/127\.0\.0\.1:\d+)\/lab\S*\?token=(\w+)/);
  const answer = await fetch(`${origin}/api/contents/notebooks/00-welcome.ipynb?token=${token}`);
  expect(answer.status).toBe(200);
  await course.interrupt();
  expect(course.output).toContain("Stopping JupyterLab");
  return course.output;
}

const inTemporary = (name: string) => ({ JUPYTER_DATA_DIR: path.join(copy, name) });

/** What each command of the README has to do. The README's commands, and no others, stand here. */
const COMMANDS: Record<string, (command: string) => Promise<void>> = {
  "npm ci && npm start": async () => {
    const installed = await run("npm ci --prefer-offline");
    expect(installed.status, installed.said).toBe(0);
    expect(existsSync(path.join(copy, "lib/dist/index.js"))).toBe(true);
    const said = await startAndStop("npm start --", { BITNODES_URL: network.api });
    expect(said).toContain("Installing JupyterLab");
  },
  "npm start -- --help": async (command) => {
    const { status, said } = await run(command);
    expect(status).toBe(0);
    expect(said).toContain("--live");
  },
  "npm run kernel": async (command) => {
    const { status, said } = await run(command, inTemporary("jupyter"));
    expect(status, said).toBe(0);
    expect(existsSync(path.join(copy, "jupyter/kernels/tslab/kernel.json"))).toBe(true);
  },
  "npm run kernel -- --remove": async (command) => {
    const { status, said } = await run(command, inTemporary("jupyter"));
    expect(status, said).toBe(0);
    expect(existsSync(path.join(copy, "jupyter/kernels/tslab/kernel.json"))).toBe(false);
  },
  "npm run grade": async (command) => {
    const { status, said } = await run(command);
    expect(status, said).toBe(1);
    const untouched = new Set(said.match(/\w+ +untouched +0\/[1-9]/g));
    expect(untouched.size, said).toBe(Object.keys(exercises).length);
    expect(said).toContain("Next: greeting");
  },
  "npm run grade -- --watch": async (command) => {
    const watching = start(command);
    await watching.says(/greeting/);
    await watching.interrupt();
  },
  "npm run crawl -- --json crawl.jsonl": async (command) => {
    const { status, said } = await run(command, { BITNODES_URL: network.api });
    expect(status, said).toBe(0);
    expect(said).toMatch(/a version message │ +[1-9]/);
  },
  "npm run crawl -- --help": async (command) => {
    const { status, said } = await run(command);
    expect(status).toBe(0);
    for (const flag of ["concurrency", "threads", "timeout"]) expect(said).toContain(`--${flag} <`);
  },
  "npm run crawl -- --resume crawl.jsonl": async (command) => {
    const { status, said } = await run(command, { BITNODES_URL: network.api });
    expect(status, said).toBe(0);
    expect(said).toContain("none is left to call");
  },
  "npm run serve -- FILE": async (command) => {
    const serving = start(command.replace("FILE", "crawl.jsonl"));
    await serving.says(/BITNODES_URL=http:\S+ npm start/);
    await serving.interrupt();
  },
  "npm run compare -- A B": async (command) => {
    const { status, said } = await run(command.replace("A B", "crawl.jsonl crawl.jsonl"));
    expect(status, said).toBe(0);
    expect(said).toContain("100% of the earlier ones");
  },
  "npm run crawl -- --discover": async (command) => {
    const { status, said } = await run(command, { BITNODES_URL: network.api });
    expect(status, said).toBe(0);
    expect(said).toMatch(/named others +│ +[1-9]/);
  },
  "npm run crawl -- --discover --frontier redis://HOST:6379 --json visits.jsonl": async (command) => {
    if (!hasServer) return;
    frontier = await server();
    const { status, said } = await run(command.replace(FRONTIER, frontier.url), {
      BITNODES_URL: network.api,
    });
    expect(status, said).toBe(0);
    const { length } = readFileSync(path.join(copy, "visits.jsonl"), "utf8").trim().split("\n");
    expect(length).toBeGreaterThanOrEqual(20);
  },
  "npm run crawl -- --discover --frontier redis://HOST:6379": async (command) => {
    if (!hasServer) return;
    const { said } = await run(command.replace(FRONTIER, frontier!.url), { BITNODES_URL: network.api });
    expect(said).toMatch(/is over/);
  },
  "npm run crawl -- --frontier redis://HOST:6379 --status": async (command) => {
    if (!hasServer) return;
    const { status, said } = await run(command.replace(FRONTIER, frontier!.url), {
      BITNODES_URL: network.api,
    });
    expect(status, said).toBe(0);
    expect(said).toMatch(/waiting/);
  },
  // Elsewhere than on the live network, and with proxies that are not there.
  "npm run crawl -- --live --discover --proxy socks5://127.0.0.1:9050 --i2p-proxy socks5://127.0.0.1:4447":
    async (command) => {
      const nowhere = String((await nobody())[1]);
      const line = command
        .replace("--live --discover ", "")
        .replace("9050", nowhere)
        .replace("4447", nowhere);
      const { status, said } = await run(line, { BITNODES_URL: network.api });
      expect(status).toBe(1);
      expect(said).toContain(`127.0.0.1:${nowhere}`);
    },
  "npm start -- --network 2026": async (command) => {
    expect(await startAndStop(command, {})).toContain("Starting the practice network of 2026");
  },
  "npm run crawl -- --population 2026": async (command) => {
    const today = await servePracticeNetwork({ peers: 20, latency: 0, population: "2026" });
    const { status, said } = await run(command, { BITNODES_URL: today.api });
    await today.close();
    expect(status, said).toBe(0);
    expect(said).toContain("You call the practice network of 2026: 20 made-up nodes");
  },
  "npm run practice -- --population 2026": async (command) => {
    const practice = start(`${command} --peers 20 --port 0`);
    await practice.says(/population +2026/);
    await practice.interrupt();
  },
  "npm start -- --live": async (command) => {
    const said = await startAndStop(command, { BITNODES_URL: network.api });
    expect(said).toContain("live Bitcoin network");
  },
  "npm run crawl -- --live": async (command) => {
    const { status, said } = await run(command, { BITNODES_URL: network.api });
    expect(status, said).toBe(0);
    expect(said).toMatch(/live Bitcoin network[^]*, 250 at a time/);
  },
  "npm run handout -- course.zip": async (command) => {
    const { status, said } = await run(command);
    expect(status, said).toBe(0);
    expect(said).toMatch(/\d+ files of release \S+ in course\.zip/);
  },
  "npm run grade -- --submissions DIR": async (command) => {
    const sample = await run("npm run sample-class -- sample 1 00-welcome");
    expect(sample.status, sample.said).toBe(0);
    const { status, said } = await run(command.replace("DIR", "sample/submissions"));
    expect(status, said).toBe(0);
    expect(said).toContain("Canvas: 1 learner; lesson 00-welcome.");
  },
  "npm run site -- DIR": async (command) => {
    const { status, said } = await run(command.replace("DIR", "site --pictures"));
    expect(status, said).toBe(0);
    expect(existsSync(path.join(copy, "site/00-welcome.html"))).toBe(true);
  },
  "npm ci && npm test": async () => {
    const { status, said } = await run("npm test -- test/wire/bytes.test.ts");
    expect(status, said).toBe(0);
    expect(said).toMatch(/[1-9]\d* passed, 0 failed/);
  },
};

test("every command of the README is run here, and no other", () => {
  const page = readFileSync(path.join(root, "README.md"), "utf8");
  expect(Object.keys(COMMANDS).sort()).toEqual(commandsOf(page).sort());
});

for (const [command, tryOut] of Object.entries(COMMANDS)) {
  test(`in a fresh copy: ${command}`, () => tryOut(command), 2 * PROGRAM);
}
