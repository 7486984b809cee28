import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { installKernel, jupyterDataFolder, kernelSpec, removeKernel } from "../../scripts/setup/kernelspec";
import { root } from "../../scripts/setup/paths";
import { remove, temporaryFolder } from "../helpers/course";

const FOREIGN = JSON.stringify({
  argv: ["tslab", "kernel"],
  display_name: "TypeScript",
  language: "typescript",
});
let folder: string;
let file: string;

beforeEach(async () => {
  folder = path.join(await temporaryFolder(), "kernels", "tslab");
  file = path.join(folder, "kernel.json");
});
afterEach(() => remove(path.join(folder, "..", "..")));

test("the kernel is started by absolute paths, with the connection file as an argument of its own", () => {
  const spec = kernelSpec("/opt/node/bin/node", "/course/lib/dist/kernel/main.js");
  expect(spec).toMatchObject({ display_name: "TypeScript", language: "typescript" });
  expect(spec.argv).toEqual([
    "/opt/node/bin/node",
    "/course/lib/dist/kernel/main.js",
    "--config-path",
    "{connection_file}",
  ]);
});

test("the kernel's spec is written once, and again when it has changed", async () => {
  expect(await installKernel(folder)).toBe("written");
  expect(await installKernel(folder)).toBe("unchanged");
  const spec = JSON.parse(await readFile(file, "utf8"));
  expect(spec.argv.slice(0, 2)).toEqual([process.execPath, path.join(root, "lib/dist/kernel/main.js")]);
  await writeFile(file, JSON.stringify({ ...spec, argv: ["/moved/node", ...spec.argv.slice(1)] }));
  expect(await installKernel(folder)).toBe("written");
  expect(JSON.parse(await readFile(file, "utf8"))).toEqual(spec);
});

test("plotly stands beside the kernel's spec, whole, and again after an older one", async () => {
  const plotly = path.join(folder, "plotly.min.js");
  await installKernel(folder);
  const wanted = await readFile(path.join(root, "node_modules/plotly.js-dist-min/plotly.min.js"));
  expect((await readFile(plotly)).equals(wanted)).toBe(true);
  await writeFile(plotly, "older");
  expect(await installKernel(folder)).toBe("unchanged");
  expect((await readFile(plotly)).equals(wanted)).toBe(true);
});

test("removing the kernel leaves nothing", async () => {
  await installKernel(folder);
  expect(await removeKernel(folder)).toBe("removed");
  expect(await readdir(path.dirname(folder))).toEqual([]);
});

test("somebody else's kernel of that name is kept, and comes back byte for byte", async () => {
  await mkdir(folder, { recursive: true });
  await writeFile(file, FOREIGN);
  expect(await installKernel(folder)).toBe("replaced");
  expect(await readFile(`${file}.before-course`, "utf8")).toBe(FOREIGN);
  expect(await installKernel(folder)).toBe("unchanged");
  expect(await removeKernel(folder)).toBe("restored");
  expect(await readdir(folder)).toEqual(["kernel.json"]);
  expect(await readFile(file, "utf8")).toBe(FOREIGN);
});

test.each([FOREIGN, "not JSON"])("a kernel's spec that is not ours is not removed: %s", async (contents) => {
  await mkdir(folder, { recursive: true });
  await writeFile(file, contents);
  expect(await removeKernel(folder)).toBe("absent");
  expect(await readFile(file, "utf8")).toBe(contents);
});

test.each([
  ["linux", {}, "/home/ada/.local/share/jupyter"],
  ["linux", { XDG_DATA_HOME: "/data" }, "/data/jupyter"],
  ["darwin", {}, "/home/ada/Library/Jupyter"],
  ["win32", { APPDATA: "/roaming" }, "/roaming/jupyter"],
  ["win32", { JUPYTER_DATA_DIR: "/mine", APPDATA: "/roaming" }, "/mine"],
  ["linux", { JUPYTER_DATA_DIR: "/mine", XDG_DATA_HOME: "/data" }, "/mine"],
] as const)("on %s with %o Jupyter's data are in %s", (platform, env, folder) => {
  expect(jupyterDataFolder(env, platform, "/home/ada")).toBe(folder);
});
