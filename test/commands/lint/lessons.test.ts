import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { formatNotebooks, typeCheckCells } from "../../../scripts/lint/lessons";
import { copiesOf } from "../../../scripts/notebooks/files";
import { root } from "../../../scripts/setup/paths";

let folder: string;
beforeEach(() => {
  folder = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "lessons-")), "notebooks");
  fs.mkdirSync(folder);
});
afterEach(() => fs.rmSync(path.dirname(folder), { recursive: true }));

function write(name: string, ...sources: string[]): string {
  const metadata = { course: { role: "demo" } };
  const cells = sources.map((source, i) => ({
    cell_type: "code",
    id: `c${i}`,
    metadata,
    outputs: [],
    source,
  }));
  const file = path.join(folder, name);
  fs.writeFileSync(file, JSON.stringify({ cells, nbformat: 4 }));
  return file;
}

describe("formatNotebooks()", () => {
  test("formatNotebooks() with check changes nothing and reports what it would change", async () => {
    const file = write("a.ipynb", "f( )");
    const before = fs.readFileSync(file);
    const { fixed } = await formatNotebooks(true, folder);
    expect(fixed).toContain(`${file}: cell 1 (c0) formatted`);
    expect(fs.readFileSync(file)).toEqual(before);
    expect(copiesOf(file)).toEqual([]);
  });

  test("formatNotebooks() keeps a copy of each notebook that it changes, byte for byte", async () => {
    const file = write("a.ipynb", "f( )");
    const before = fs.readFileSync(file);
    await formatNotebooks(false, folder);
    expect(fs.readFileSync(file, "utf8")).toContain('"f()"');
    expect(copiesOf(file).map((copy) => fs.readFileSync(copy))).toEqual([before]);
    expect(await formatNotebooks(true, folder)).toEqual({ fixed: [], problems: [] });
  });

  test("formatNotebooks() names a broken notebook and goes on with the others", async () => {
    fs.writeFileSync(path.join(folder, "a.ipynb"), "{");
    const file = write("b.ipynb", "f( )");
    const { problems } = await formatNotebooks(false, folder);
    expect(problems).toEqual([expect.stringMatching(/a\.ipynb is not JSON/)]);
    expect(fs.readFileSync(file, "utf8")).toContain('"f()"');
  });
});

describe("typeCheckCells()", () => {
  test("typeCheckCells() knows names of earlier cells, and allows redeclarations and top-level await", async () => {
    write("a.ipynb", "const n: number = await Promise.resolve(1);", 'const n = "text";', "n.toUpperCase()");
    expect(await typeCheckCells([folder])).toEqual({ fixed: [], problems: [] });
  });

  test("typeCheckCells() reports errors with notebook, cell and line, and shares no names between notebooks", async () => {
    write("a.ipynb", "const a = 1;", "\na.length", "nowhere");
    write("b.ipynb", "a");
    const { problems } = await typeCheckCells([folder]);
    expect(problems).toEqual([
      expect.stringMatching(/a\.ipynb, cell 2 \(c1\), 2:3: Property 'length' does not exist/),
      expect.stringMatching(/b\.ipynb, cell 1 \(c0\), 1:1: Cannot find name 'a'/),
    ]);
  });
});

test.each([
  [["--help"], 0, /--check/],
  [["--chekc"], 2, /unknown option '--chekc'/],
])("npm run lint -- %s exits with %i", (args, status, text) => {
  const run = spawnSync(process.execPath, ["scripts/run.cjs", "lint", ...args], {
    cwd: root,
    encoding: "utf8",
  });
  expect([run.status, run.stdout + run.stderr]).toEqual([status, expect.stringMatching(text)]);
});
