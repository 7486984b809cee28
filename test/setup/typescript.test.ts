/** Scripts in TypeScript are compiled when they have changed, and at no other time. */
import { spawnSync } from "node:child_process";
import { cp, mkdir, readdir, readFile, stat, symlink, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { root } from "../../scripts/setup/paths";
import { remove, temporaryFolder } from "../helpers/course";

let folder: string;
const loader = () => path.join(folder, "scripts/cli/typescript.cjs");
const script = () => path.join(folder, "scripts/greet.ts");
const compiled = () => path.join(folder, ".course/compiled/scripts/greet.ts.js");

beforeEach(async () => {
  folder = await temporaryFolder();
  await mkdir(path.join(folder, "scripts/cli"), { recursive: true });
  await cp(path.join(root, "scripts/cli/typescript.cjs"), loader());
  await symlink(path.join(root, "node_modules"), path.join(folder, "node_modules"));
  await writeFile(path.join(folder, "scripts/cli/name.ts"), 'export const name: string = "Anna";\n');
  await writeFile(
    script(),
    'import { name } from "./cli/name";\n\ntype Word = string;\nconst word: Word = "Hello";\nconsole.log(word, name);\n',
  );
});
afterEach(() => remove(folder));

function run(): { stdout: string; stderr: string } {
  return spawnSync(process.execPath, ["-r", loader(), script()], { encoding: "utf8" });
}

test("a script that has not changed is not compiled again, and one that has is", async () => {
  expect(run().stdout).toBe("Hello Anna\n");
  const [{ mtimeMs }, code] = [await stat(compiled()), await readFile(compiled(), "utf8")];
  // Not by the time of its last change, which a copy or another branch may set back.
  await utimes(script(), new Date(0), new Date(0));
  expect(run().stdout).toBe("Hello Anna\n");
  expect((await stat(compiled())).mtimeMs).toBe(mtimeMs);

  await writeFile(script(), 'console.log("Bye");\n');
  expect(run().stdout).toBe("Bye\n");
  expect(await readFile(compiled(), "utf8")).not.toBe(code);
  expect((await readdir(path.dirname(compiled()))).filter((name) => name.endsWith(".tmp"))).toEqual([]);
});

test("half a file, as a full disk leaves it, is compiled again", async () => {
  run();
  const code = await readFile(compiled(), "utf8");
  await writeFile(compiled(), code.slice(0, code.length / 2));
  expect(run().stdout).toBe("Hello Anna\n");
});

test("where nothing can be written scripts run all the same", async () => {
  await writeFile(path.join(folder, ".course"), "no folder");
  expect(run().stdout).toBe("Hello Anna\n");
});

test("an error names the line of the script, also once it is compiled", async () => {
  await writeFile(script(), 'interface None {\n  a: 1;\n}\n\nthrow new Error("here");\n');
  for (const { stderr } of [run(), run()]) expect(stderr).toContain(`${script()}:5:`);
});

test("a script that is no TypeScript is a message with file and line", async () => {
  await writeFile(script(), "const = 1;\n");
  expect(run().stderr).toMatch(/greet\.ts:1:6: ERROR: Expected identifier/);
});
