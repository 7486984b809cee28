import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { root, venvPython } from "../../scripts/setup/paths";
import { PROGRAM } from "../helpers/limits";
import { folderOfPrograms, program, remove, script, temporaryFolder } from "../helpers/course";

let data: string;
let folder: string;

beforeEach(async () => {
  data = await temporaryFolder();
  folder = path.join(data, "kernels", "tslab");
});
afterEach(() => remove(data));

async function runKernel(...args: string[]): Promise<string> {
  const command = script("kernel", args, { JUPYTER_DATA_DIR: data, PATH: "" });
  expect(await command.exitCode(), command.output).toBe(0);
  return command.output;
}

/**
 * Runs one cell with Jupyter's own client, in the folder of the notebooks, and prints where the kernel spec
 * was and what came out.
 */
const RUN_A_CELL = `
import nbformat, sys
from jupyter_client.kernelspec import get_kernel_spec
from nbclient import NotebookClient
print(get_kernel_spec("tslab").resource_dir)
cell = nbformat.v4.new_code_cell(sys.argv[1])
notebook = nbformat.v4.new_notebook(cells=[cell])
NotebookClient(notebook, kernel_name="tslab", resources={"metadata": {"path": sys.argv[2]}}).execute()
print(cell.outputs[0].text)
`;

test(
  "the kernel that npm run kernel registers, with no Python about, runs a cell that imports the library",
  async () => {
    const output = await runKernel();
    expect(output).toContain(`The kernel is registered in ${folder}.`);
    expect(output).toMatch(/In Jupyter:[^]*In VS Code:/);
    const cell = 'import { OUR_VERSION } from "@course/lib"; console.log(OUR_VERSION.length, process.cwd());';
    const notebooks = path.join(root, "notebooks");
    const env = { JUPYTER_DATA_DIR: data, JUPYTER_PREFER_ENV_PATH: "0" };
    const client = program(venvPython, ["-c", RUN_A_CELL, cell, notebooks], env);
    expect(await client.exitCode(), client.output).toBe(0);
    expect(client.output.trim().split("\n").slice(-2)).toEqual([folder, `130 ${notebooks}`]);
  },
  PROGRAM,
);

test("npm run kernel says what it does with somebody else's kernel of that name, and brings it back", async () => {
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, "kernel.json"), "{}");
  expect(await runKernel()).toMatch(
    /Another kernel named tslab was there: it is kept in .*kernel\.json\.before-course/,
  );
  expect(await runKernel()).toMatch(/already was/);
  expect(await runKernel("--remove")).toMatch(/before is back/);
  expect(await runKernel("--remove")).toMatch(/nothing was changed/);
  expect(await readdir(folder)).toEqual(["kernel.json"]);
});

test("--prefix and --sys-prefix register the kernel for all users of an environment, and remove it there", async () => {
  const prefix = path.join(data, "env");
  const inPrefix = path.join(prefix, "share", "jupyter", "kernels", "tslab");
  expect(await runKernel("--prefix", prefix)).toContain(`The kernel is registered in ${inPrefix}.`);
  expect(await readdir(inPrefix)).toEqual(["kernel.json", "plotly.min.js"]);
  expect((await stat(path.join(inPrefix, "plotly.min.js"))).mode & 0o044).toBe(0o044);
  const bin = await folderOfPrograms({ python3: `echo ${prefix}` });
  const again = script("kernel", ["--sys-prefix"], { JUPYTER_DATA_DIR: data, PATH: bin });
  expect(await again.exitCode(), again.output).toBe(0);
  expect(again.output).toContain(`${inPrefix} (it already was)`);
  expect(await runKernel("--prefix", prefix, "--remove")).toContain(`no longer in ${inPrefix}`);
  expect(await readdir(data)).toEqual(["env"]);
});

test("--settings also brings the course's settings to an environment, and leaves somebody else's alone", async () => {
  const prefix = path.join(data, "env");
  const config = path.join(prefix, "etc", "jupyter", "jupyter_config.py");
  const ours = path.join(root, "scripts", "setup", "jupyter_config.py");
  expect(await runKernel("--prefix", prefix, "--settings")).toContain("settings for JupyterLab are in");
  expect(await readFile(config, "utf8")).toContain(`load_subconfig("${ours}")`);
  expect(await readdir(path.join(prefix, "share", "jupyter", "lab", "settings", "overrides.d"))).toEqual([
    "course.json",
  ]);
  await runKernel("--prefix", prefix, "--remove");
  expect(await readdir(path.dirname(config))).toEqual([]);

  await writeFile(config, "c.ServerApp.password = ''\n");
  const refused = script("kernel", ["--prefix", prefix, "--settings"], { JUPYTER_DATA_DIR: data, PATH: "" });
  expect(await refused.exitCode()).toBe(1);
  expect(refused.output).toContain(`add the line load_subconfig("${ours}") to it`);
  await writeFile(config, `c.ServerApp.password = ''\nload_subconfig("${ours}")\n`);
  await runKernel("--prefix", prefix, "--settings");
  await runKernel("--prefix", prefix, "--settings", "--remove");
  expect(await readFile(config, "utf8")).toContain("password");
});

test.each([
  [["--settings"], 2, /--settings needs the environment of a JupyterLab: --prefix DIR or --sys-prefix/],
  [["--sys-prefix"], 1, /no Python on the PATH: name its environment with --prefix DIR/],
  [["--sys-prefix", "--prefix", "/x"], 2, /cannot be used with/],
] as const)(
  "npm run kernel -- %j cannot be, exit %i: a sentence says why",
  async (args, status, sentence) => {
    const command = script("kernel", [...args], { JUPYTER_DATA_DIR: data, PATH: "" });
    expect(await command.exitCode()).toBe(status);
    expect(command.output).toMatch(sentence);
  },
);

test("npm run kernel that registers and removes leaves nothing", async () => {
  await runKernel();
  expect(await runKernel("--remove")).toMatch(/no longer in/);
  expect(await readdir(path.join(data, "kernels"))).toEqual([]);
});

test.each(["start", "setup", "kernel", "test"])(
  "%s --help says what it does, and does nothing",
  async (name) => {
    const command = script(name, ["--help"]);
    expect(await command.exitCode()).toBe(0);
    expect(command.output).toMatch(new RegExp(`^Usage: npm (run )?${name} -- `));
  },
);

test("npm run kernel refuses an option that it does not know", async () => {
  const command = script("kernel", ["--frobnicate"]);
  expect(await command.exitCode()).toBe(2);
  expect(command.output).toMatch(/unknown option '--frobnicate'\n\nnpm run kernel -- --help lists what/);
});

test("exec in package.json's scripts gives a program's exit status on Windows too", async () => {
  const shim = program(process.execPath, [
    path.join(root, "lib/bin/exec.cjs"),
    process.execPath,
    "-e",
    "process.exit(3)",
  ]);
  expect(await shim.exitCode()).toBe(3);
});
