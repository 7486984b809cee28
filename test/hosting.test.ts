/** The files with which others host the course: what they name is there, and says the same everywhere. */
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { root } from "../scripts/setup/paths";
import { USUAL_PORT } from "../scripts/setup/port";
import { PRACTICE_URL } from "@course/lib/bitnodes";

const read = (name: string) => fs.readFileSync(path.join(root, name), "utf8");

/** Parses JSON with comments, as VS Code reads it. */
function parseWithComments(name: string): Record<string, unknown> {
  const { config, error } = ts.parseConfigFileTextToJson(name, read(name));
  expect(error).toBeUndefined();
  return config as Record<string, unknown>;
}

/** Returns what TypeScript says of a file in notebooks/ that a learner has written. */
function marksIn(source: string): string[] {
  const folder = path.join(root, "notebooks");
  const config = parseWithComments("notebooks/tsconfig.json");
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, folder);
  const mine = path.join(folder, "mine.ts");
  const host = ts.createCompilerHost(options);
  const { getSourceFile } = host;
  host.getSourceFile = (name, target, ...rest) =>
    name === mine ? ts.createSourceFile(name, source, target) : getSourceFile(name, target, ...rest);
  const program = ts.createProgram([mine], options, host);
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
}

const scripts = Object.keys((JSON.parse(read("package.json")) as { scripts: object }).scripts);
const files = ["binder", ".devcontainer", "hub"].flatMap((folder) =>
  fs.readdirSync(path.join(root, folder)).map((name) => `${folder}/${name}`),
);
const hosting = [...files, "course.code-workspace", ".dockerignore"];

describe("hosting files", () => {
  test("hosting files run npm scripts that exist, and name files of the course that exist", () => {
    for (const name of hosting) {
      for (const [, script] of read(name).matchAll(/npm (?:run )?(?!ci|cache|run)([\w:]+)/g))
        expect(scripts, `${name}: ${script}`).toContain(script);
      for (const [file] of read(name).matchAll(/(?<=[\s/])(hub|scripts|notebooks)\/[\w./-]*\w/g))
        expect(fs.existsSync(path.join(root, file)), `${name}: ${file}`).toBe(true);
    }
  });

  test("hosting files name no registry of packages", () => {
    for (const name of hosting)
      expect(read(name), name).not.toMatch(/npmjs|pypi|pythonhosted|--registry|--index-url/);
  });

  test("hosting files that are scripts may be run", () => {
    const found = hosting.filter((name) => read(name).startsWith("#!"));
    expect(found.sort()).toEqual(["binder/postBuild", "binder/start", "hub/as-learner", "hub/bring-lessons"]);
    for (const name of found) {
      expect(fs.statSync(path.join(root, name)).mode & 0o111, name).toBe(0o111);
      execFileSync("bash", ["-n", path.join(root, name)]);
    }
  });

  test("hosting files all have Node.js 24", () => {
    expect((parse(read("binder/environment.yml")) as { dependencies: string[] }).dependencies).toContain(
      "nodejs=24",
    );
    expect(read("hub/Dockerfile")).toContain("nodejs=24");
    expect(read(".devcontainer/Dockerfile")).toMatch(/^FROM \S+typescript-node:24-/);
  });

  test("hosting files agree on the port of the practice network, and on a learner's first page", () => {
    const { port } = new URL(PRACTICE_URL);
    expect(read("hub/course-practice.service")).toContain(`practice --port ${port}\n`);
    expect(read("hub/jupyterhub_config.py")).toContain(`"COURSE_PRACTICE_PORT", "${port}"`);
    const { singleuser } = parse(read("hub/values.yaml")) as { singleuser: { defaultUrl: string } };
    expect(read("hub/jupyterhub_config.py")).toContain(`"${singleuser.defaultUrl}"`);
  });
});

describe("a devcontainer", () => {
  const config = parseWithComments(".devcontainer/devcontainer.json");

  test("a devcontainer forwards the port of JupyterLab, and none of the ten thousand of the practice network", () => {
    expect(config).toMatchObject({
      forwardPorts: [USUAL_PORT],
      otherPortsAttributes: { onAutoForward: "ignore" },
      customizations: { vscode: { settings: { "remote.autoForwardPorts": false } } },
    });
    expect(Object.keys(config.portsAttributes as object)).toEqual([String(USUAL_PORT)]);
  });

  test("a devcontainer's settings let an editor mark in a file beside the notebooks what the kernel does, and no more", () => {
    const accepted = `import { parseAddress } from "@course/lib/peer";
      export function portOf(text) { return parseAddress(text)[1]; }
      export const port: number = portOf("127.0.0.1:8333");`;
    expect(marksIn(accepted)).toEqual([]);
    expect(marksIn(`${accepted} export const host: string = port;`)).toEqual([
      "Type 'number' is not assignable to type 'string'.",
    ]);
  });

  test("a devcontainer lets VS Code mark as little as the workspace file does", () => {
    const marks = "js/ts.validate.enabled";
    const { settings } = parseWithComments("course.code-workspace") as { settings: Record<string, unknown> };
    expect(settings[marks]).toBe(false);
    expect(config).toMatchObject({ customizations: { vscode: { settings: { [marks]: false } } } });
  });
});
