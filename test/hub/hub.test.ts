/**
 * A real JupyterHub, with hub/jupyterhub_config.py and three users on one host.
 *
 * Runs only when it is named: `npm test test/hub` installs JupyterHub into `.course/hub`.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { request } from "undici";
import { hub, hubProxy } from "../../scripts/setup/hub";
import { root, venv } from "../../scripts/setup/paths";
import { endWithParent, family, listProcesses } from "../../scripts/setup/processes";
import { type Command, program, remove, script, temporaryFolder } from "../helpers/course";
import { freePort } from "../../scripts/setup/port";
import { untilGone } from "../helpers/gone";
import { PROGRAM } from "../helpers/limits";
import { HubClient, type HubKernel } from "./client";

const USERS = ["ada", "grace", "mary"];
const TOKEN = "a-service-of-the-test";
const LIMIT_MS = 2 * PROGRAM;

let folder: string;
let running: Command;
let client: HubClient;
let practiceUrl: string;

const homeOf = (user: string) => path.join(folder, "homes", user);

/** The hub's own configuration: what its administrator has, and then ours. */
function configuration(ports: Record<string, number>): string {
  const values = {
    "JupyterHub.bind_url": `http://127.0.0.1:${ports.public}`,
    "JupyterHub.hub_port": ports.hub,
    "JupyterHub.db_url": "sqlite:///:memory:",
    "JupyterHub.cookie_secret_file": path.join(folder, "cookie_secret"),
    "JupyterHub.authenticator_class": "dummy",
    "JupyterHub.spawner_class": "simple",
    "JupyterHub.services": [{ name: "test", api_token: TOKEN }],
    "JupyterHub.load_roles": [
      { name: "test", services: ["test"], scopes: ["admin:users", "admin:servers", "access:servers"] },
    ],
    "DummyAuthenticator.allow_all": true,
    // Three servers start in the same moment, on a machine that may be busy: the test has a limit of its own.
    "Spawner.start_timeout": LIMIT_MS / 1000,
    "Spawner.http_timeout": LIMIT_MS / 1000,
    "ConfigurableHTTPProxy.command": [process.execPath, hubProxy],
    "ConfigurableHTTPProxy.api_url": `http://127.0.0.1:${ports.proxy}`,
    "ConfigurableHTTPProxy.pid_file": path.join(folder, "proxy.pid"),
    "SimpleLocalProcessSpawner.home_dir_template": path.join(folder, "homes", "{username}"),
    // JupyterLab's own files are in the environment that the hub's stands on.
    "Spawner.environment": {
      JUPYTERLAB_DIR: path.join(venv, "share", "jupyter", "lab"),
      JUPYTER_CONFIG_PATH: path.join(venv, "etc", "jupyter"),
      BITNODES_URL: practiceUrl,
    },
    ...(process.getuid?.() === 0 && { "Spawner.args": ["--allow-root"] }),
  };
  const lines = Object.entries(values).map(
    ([name, value]) => `c.${name} = json.loads(${JSON.stringify(JSON.stringify(value))})`,
  );
  const ours = path.join(root, "hub", "jupyterhub_config.py");
  return ["import json", ...lines, `load_subconfig(${JSON.stringify(ours)})`, ""].join("\n");
}

beforeAll(async () => {
  folder = await temporaryFolder();
  const kernel = script("kernel", ["--prefix", hub.folder, "--settings"]);
  expect(await kernel.exitCode(), kernel.output).toBe(0);
  // nbconvert, too, is in the environment that the hub's stands on, and looks for its templates in the hub's.
  const templates = path.join("share", "jupyter", "nbconvert");
  if (!existsSync(path.join(hub.folder, templates)))
    symlinkSync(path.join(venv, templates), path.join(hub.folder, templates));
  const ports = {
    public: await freePort(),
    hub: await freePort(),
    proxy: await freePort(),
    practice: await freePort(),
  };
  practiceUrl = `http://127.0.0.1:${ports.practice}/api/v1/`;
  mkdirSync(path.join(folder, "homes"));
  const file = path.join(folder, "jupyterhub_config.py");
  writeFileSync(file, configuration(ports));
  const bin = path.dirname(hub.python);
  running = program(
    hub.python,
    [endWithParent, "jupyterhub", "--config", file],
    {
      COURSE: root,
      COURSE_PRACTICE_PORT: String(ports.practice),
      PATH: [bin, path.dirname(process.execPath), process.env.PATH].join(path.delimiter),
    },
    folder,
  );
  client = new HubClient(`http://127.0.0.1:${ports.public}`, TOKEN, () => running.output);
  await Promise.race([
    client.untilUp(),
    running.exitCode().then(() => Promise.reject(new Error(running.output))),
  ]);
}, LIMIT_MS);

afterAll(async () => {
  const processes = await ours();
  running?.child.kill("SIGTERM");
  await running?.exitCode();
  await untilGone(processes.map(({ pid }) => pid));
  await remove(folder);
}, LIMIT_MS);

/** Returns the processes of this hub: of its users too. */
async function ours() {
  const all = await listProcesses();
  const { pid: hubs } = running.child;
  const found = [hubs, ...family(all, hubs)];
  return all.filter(({ pid }) => found.includes(pid));
}

const JOIN = `import { crawl, getNodes, joinNetwork, nodesToAddressTuples } from "@course/lib";
await joinNetwork();
const addresses = nodesToAddressTuples(await getNodes()).slice(0, 300);`;

const CRAWL = `let answered = 0;
for await (const { versionMessage } of crawl(addresses)) if (versionMessage) answered++;
console.log("answered", answered);`;

const answeredOf = (printed: string) => Number(/answered (\d+)/.exec(printed)?.[1]);

test(
  "three users at once share one practice network, which stays when the first of them leaves",
  async () => {
    await Promise.all(USERS.map((user) => client.startServer(user)));
    const kernels = await Promise.all(USERS.map((user) => client.startKernel(user, "course/notebooks")));
    const [first, ...others] = kernels;
    const crawlOf = async (kernel: HubKernel) => answeredOf(await kernel.run(CRAWL));

    for (const printed of await Promise.all(kernels.map((kernel) => kernel.run(JOIN))))
      expect(printed).toMatch(
        /^You call the practice network\b.*: 10,000 made-up nodes, all on this computer\.\n$/,
      );
    for (const answered of await Promise.all(kernels.map(crawlOf))) expect(answered).toBeGreaterThan(150);

    first.close();
    await client.stopServer(USERS[0]);
    for (const answered of await Promise.all(others.map(crawlOf))) expect(answered).toBeGreaterThan(150);
    others.forEach((kernel) => kernel.close());

    const { body } = await request(new URL("/practice/statistics", practiceUrl));
    expect(await body.json()).toMatchObject({ open: expect.any(Number) });
    const networks = (await ours()).filter(({ command }) => /practice( |\.server\.child-main)/.test(command));
    expect(networks.map(({ command }) => /child-main/.test(command))).toEqual([false]);
  },
  LIMIT_MS,
);

test(
  "a user's JupyterLab has the course's colours, and exports pages by its template",
  async () => {
    const [user] = USERS;
    await client.startServer(user);
    const colour = "#006b2d";
    expect(readFileSync(path.join(root, "scripts/nbconvert/custom/custom.css"), "utf8")).toContain(colour);
    const ask = (route: string) => client.text("GET", `/user/${user}/${route}`);
    expect(await ask("lab")).toContain("custom/custom.css");
    expect(await ask("custom/custom.css")).toContain(colour);
    expect(await ask("nbconvert/html/course/notebooks/00-welcome.ipynb")).toContain(colour);
  },
  LIMIT_MS,
);

test(
  "each user has the lessons in a folder of their own, and keeps their work when they come back",
  async () => {
    const [user] = USERS;
    await client.startServer(user);
    const notebooks = path.join(homeOf(user), "course", "notebooks");
    const file = path.join(notebooks, "00-welcome.ipynb");
    expect(readdirSync(notebooks)).toContain("11-noise.ipynb");
    const written = readFileSync(file, "utf8").replace("greeting is not written yet", "mine is written");
    writeFileSync(file, written);
    await client.stopServer(user);
    await client.startServer(user);
    expect(readFileSync(file, "utf8")).toBe(written);
    expect(written).toContain("mine is written");
  },
  LIMIT_MS,
);
