/** What can go wrong while `npm start` sets up: each time one sentence, exit code 1, and nothing half made. */
import { once } from "node:events";
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  type Command,
  copyOfTheCourse,
  folderOfPrograms,
  onTerminal,
  remove,
  script,
} from "../helpers/course";
import { family, listProcesses } from "../../scripts/setup/processes";
import { PROGRAM } from "../helpers/limits";
import { untilGone } from "../helpers/gone";

let folder: string;
const toRemove: string[] = [];

beforeAll(async () => {
  folder = await copyOfTheCourse();
  toRemove.push(folder);
});
afterAll(() => Promise.all(toRemove.map(remove)));
beforeEach(() => remove(path.join(folder, ".venv")));

/** Starts the course with these programs for the whole PATH. */
async function startWith(programs: Record<string, string>): Promise<Command> {
  const PATH = await folderOfPrograms(programs);
  toRemove.push(path.dirname(PATH));
  return script("start", ["--no-browser"], { PATH }, folder);
}

async function expectFailure(command: Command, sentence: RegExp): Promise<void> {
  expect(await command.exitCode(), command.output).toBe(1);
  expect(command.output.trimEnd().split("\n").at(-1)).toMatch(sentence);
  expect(command.output).not.toMatch(/\n\s+at /);
  expect(existsSync(path.join(folder, ".venv"))).toBe(false);
  expect(await readdir(path.join(folder, ".course")).catch(() => [])).not.toContain("setup.lock");
}

test("npm start without a Python says what to install", async () => {
  await expectFailure(await startWith({}), /there is no Python on the PATH: install one/);
});

test("npm start with a Python that is too old says so", async () => {
  const python3 = `echo '{"path": "/usr/bin/python3", "version": [3, 8, 18], "venv": true}'`;
  await expectFailure(
    await startWith({ python3 }),
    /needs Python 3\.10 or newer, and \/usr\/bin\/python3 is 3\.8\.18/,
  );
});

test("npm start with a Python without venv says so", async () => {
  const python3 = `echo '{"path": "/usr/bin/python3", "version": [3, 11, 2], "venv": false}'`;
  await expectFailure(await startWith({ python3 }), /has no venv and ensurepip modules/);
});

test("npm start with a port that is taken says so before anything is set up", async () => {
  const server = createServer();
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as { port: number };
  await expectFailure(
    script("start", ["--port", String(port)], {}, folder),
    new RegExp(`^Port ${port} is taken`),
  );
  server.close();
});

test.each(["65536", "80.5"])("npm start with a port that is none says so: %s", async (port) => {
  const command = script("start", [`--port=${port}`], {}, folder);
  expect(await command.exitCode()).toBe(2);
  expect(command.output).toMatch(
    /Expected a number from 1 to 65535\.\n\nnpm start -- --help lists what can be given/,
  );
});

describe("with a real Python", () => {
  test(
    "npm start without a package registry says so",
    async () => {
      const env = {
        PIP_INDEX_URL: "http://127.0.0.1:9/",
        PIP_EXTRA_INDEX_URL: "",
        PIP_FIND_LINKS: "",
        PIP_NO_CACHE_DIR: "1",
      };
      await expectFailure(
        script("start", ["--no-browser"], env, folder),
        /^No package registry could be reached/,
      );
    },
    PROGRAM,
  );

  let registry: Server;
  let asked: Promise<unknown>;

  /** A start whose pip waits for a registry that has heard it and does not answer. */
  async function startWaiting(start = script): Promise<Command> {
    registry = createServer();
    await once(registry.listen(0, "127.0.0.1"), "listening");
    asked = once(registry, "connection");
    const { port } = registry.address() as { port: number };
    const env = {
      PIP_INDEX_URL: `http://127.0.0.1:${port}/`,
      PIP_EXTRA_INDEX_URL: "",
      PIP_FIND_LINKS: "",
      PIP_NO_CACHE_DIR: "1",
    };
    const command = start("start", ["--no-browser"], env, folder);
    await asked;
    return command;
  }

  test(
    "Ctrl-C on a terminal during the set-up takes away what was made, and leaves no process",
    async () => {
      const command = await startWaiting((name, args, ...rest) =>
        onTerminal("npm", ["run", name, "--", ...args], ...rest),
      );
      const pids = family(await listProcesses(), command.child.pid, path.join(folder, ".venv"));
      expect(pids.length).toBeGreaterThan(0);
      command.child.kill("SIGUSR1");
      expect(await command.exitCode()).toBe(130);
      await untilGone(pids);
      expect(existsSync(path.join(folder, ".venv"))).toBe(false);
      registry.close();
    },
    PROGRAM,
  );

  test(
    "a set-up that was killed leaves no process, and the next start clears away what it made before it begins again",
    async () => {
      const command = await startWaiting();
      const pids = family(await listProcesses(), command.child.pid, path.join(folder, ".venv"));
      command.child.kill("SIGKILL");
      await untilGone(pids);
      registry.close();
      expect(existsSync(path.join(folder, ".venv"))).toBe(true);
      await expectFailure(await startWith({}), /there is no Python/);
    },
    PROGRAM,
  );
});
