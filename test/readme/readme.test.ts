/** Every command of the README, run in a fresh copy of the project, in the order of the page. */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type PracticeNetwork, servePracticeNetwork } from "@course/lib/practice";
import { type FreshCopy, freshCopy, Running } from "./fresh-copy";
import { root } from "../../scripts/setup/paths";

const MINUTES = 60_000;
const WELCOME = "notebooks/00-welcome.ipynb";

let copy: FreshCopy;
let network: PracticeNetwork;

beforeAll(async () => {
  copy = freshCopy();
  network = await servePracticeNetwork({ peers: 20, latency: 0 });
});

afterAll(async () => {
  await network?.close();
  await copy?.remove();
}, 3 * MINUTES);

/** Runs a command to its end. */
function run(command: string, env: NodeJS.ProcessEnv = {}) {
  return Running.start(command, copy.folder, env).ended;
}

/** Starts the course without opening a browser here, waits for its address, and presses Ctrl-C. */
async function startAndStop(command: string, env: NodeJS.ProcessEnv): Promise<string> {
  const course = Running.start(`${command} --no-browser`, copy.folder, env);
  const [, origin, token] = await course.until(/(http:\/\/127\.0\.0\.1:\d+)\/lab\S*\?token=(\w+)/);
  const answer = await fetch(`${origin}/api/contents/notebooks/00-welcome.ipynb?token=${token}`);
  expect(answer.status).toBe(200);
  await course.interrupt();
  expect(course.said).toContain("Stopping JupyterLab");
  return course.said;
}

const inTemporary = (name: string) => ({ JUPYTER_DATA_DIR: path.join(copy.folder, name) });

/** What each command of the README has to do. The README's commands, and no others, stand here. */
const COMMANDS: Record<string, (command: string) => Promise<void>> = {
  "npm ci && npm start": async () => {
    const installed = await run("npm ci --prefer-offline");
    expect(installed.status, installed.said).toBe(0);
    expect(existsSync(path.join(copy.folder, "lib/dist/index.js"))).toBe(true);
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
    expect(existsSync(path.join(copy.folder, "jupyter/kernels/tslab/kernel.json"))).toBe(true);
  },
  "npm run kernel -- --remove": async (command) => {
    const { status, said } = await run(command, inTemporary("jupyter"));
    expect(status, said).toBe(0);
    expect(existsSync(path.join(copy.folder, "jupyter/kernels/tslab/kernel.json"))).toBe(false);
  },
  "npm run grade": async (command) => {
    const { status, said } = await run(command);
    expect(status, said).toBe(1);
    expect(said).toContain("Next: greeting");
  },
  "npm run grade -- --watch": async (command) => {
    const watching = Running.start(command, copy.folder);
    await watching.until(/greeting/);
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
  "npm start -- --live": async (command) => {
    const said = await startAndStop(command, { BITNODES_URL: network.api });
    expect(said).toContain("live Bitcoin network");
  },
  "npm run crawl -- --live": async (command) => {
    const { status, said } = await run(command, { BITNODES_URL: network.api });
    expect(status, said).toBe(0);
    expect(said).toMatch(/live Bitcoin network[^]*, 250 at a time/);
  },
  "npm run solutions -- in": async (command) => {
    const { status, said } = await run(command);
    expect(status, said).toBe(0);
    expect(readFileSync(path.join(copy.folder, WELCOME), "utf8")).toContain("return `Hello, ");
  },
  "npm run solutions -- out": async (command) => {
    const { status, said } = await run(command);
    expect(status, said).toBe(0);
    const [ours, theirs] = [path.join(root, WELCOME), path.join(copy.folder, WELCOME)];
    expect(readFileSync(theirs, "utf8")).toBe(readFileSync(ours, "utf8"));
  },
  "npm run solutions -- in nodesToAddressTuples 04-calling-all-nodes": async (command) => {
    const { status, said } = await run(command);
    expect(status, said).toBe(0);
    const grades = await run("npm run grade -- nodesToAddressTuples");
    expect(grades.status, grades.said).toBe(0);
  },
  "npm run grade -- --json grades.json": async (command) => {
    await run(command);
    const grades = JSON.parse(readFileSync(path.join(copy.folder, "grades.json"), "utf8")) as {
      points: number;
    };
    expect(grades.points).toBeGreaterThan(0);
  },
  "npm run practice": async (command) => {
    const practice = Running.start(command, copy.folder);
    const [api] = await practice.until(/http:\/\/127\.0\.0\.1:\d+\/api\/v1\//);
    expect((await fetch(api)).status).toBe(200);
    await practice.interrupt();
  },
  "npm ci && npm test": async () => {
    const { status, said } = await run("npm test -- test/bytes.test.ts");
    expect(status, said).toBe(0);
    expect(said).toMatch(/[1-9]\d* passed, 0 failed/);
  },
};

/** The commands on the page: in code blocks and within sentences. */
function commandsOf(page: string): string[] {
  const blocks = [...page.matchAll(/```bash\n([\s\S]*?)```/g)].flatMap(([, block]) =>
    block.trim().split("\n"),
  );
  const inline = [...page.replace(/```[\s\S]*?```/g, "").matchAll(/`(npm [^`]+)`/g)].map(
    ([, command]) => command,
  );
  return [...new Set([...blocks, ...inline])];
}

test("every command of the README is run here, and no other", () => {
  const page = readFileSync(path.join(root, "README.md"), "utf8");
  expect(Object.keys(COMMANDS).sort()).toEqual(commandsOf(page).sort());
});

describe("in a fresh copy", () => {
  for (const [command, tryOut] of Object.entries(COMMANDS)) {
    test(command, () => tryOut(command), 5 * MINUTES);
  }
});
