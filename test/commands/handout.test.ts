/** What learners get, and how a newer release of it comes under their work. */
import fs from "node:fs";
import path from "node:path";
import { cellSource, courseRole, type NotebookCell, parseNotebook } from "@course/lib/notebook";
import { zipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { handoutFiles } from "../../scripts/handout/handout";
import { hashOf, parseRelease } from "../../scripts/handout/release";
import { mergeCells } from "../../scripts/update/merge";
import { makeUpdate, planUpdate } from "../../scripts/update/update";
import { temporaryFolder } from "../helpers/course";

const text = (bytes: Uint8Array | undefined) => Buffer.from(bytes!).toString("utf8");

describe("a handout", () => {
  let files: Map<string, Uint8Array>;
  const notebookIn = (from: Map<string, Uint8Array>) =>
    parseNotebook(text(from.get("notebooks/00-welcome.ipynb")), "00-welcome.ipynb");
  beforeAll(() => void (files = handoutFiles({ hints: true })));

  test("a handout has what a learner needs, and no solved lessons, tests or files of the instructor", () => {
    for (const name of [
      "package-lock.json",
      "scripts/run.cjs",
      "lib/index.ts",
      "images/notebook.png",
      "requirements.txt",
    ])
      expect(files.has(name), name).toBe(true);
    const others = [...files.keys()].filter((name) =>
      /^(test|solutions|\.course|\.git)\/|node_modules\/|dist\/|__pycache__\//.test(name),
    );
    expect(others).toEqual([]);
    expect(text(files.get("README.md"))).toContain("npm ci && npm start");
    expect(text(files.get("README.md"))).not.toMatch(/instructor|developers|\(solutions\)/i);
  });

  test("a handout says its release in each notebook, and lists the hash of each cell and file", () => {
    const { release, cells, files: hashes } = parseRelease(text(files.get("release.json")));
    const notebook = notebookIn(files);
    expect(notebook.raw.metadata).toMatchObject({ course: { release }, kernelspec: { name: "tslab" } });
    expect(cells["00-welcome"]["welcome-greeting"]).toBe(
      hashOf(cellSource(notebook.cells.find(({ id }) => id === "welcome-greeting")!)),
    );
    expect(hashes["lib/index.ts"]).toBe(hashOf(files.get("lib/index.ts")!));
  });

  test("a handout says in its notebooks that there are hidden checks only if there are", () => {
    const says = (from: Map<string, Uint8Array>) =>
      (JSON.parse(Buffer.from(from.get("release.json")!).toString()) as { hiddenChecks?: boolean })
        .hiddenChecks;
    expect(says(files)).toBeUndefined();
    expect(says(handoutFiles({ hints: true, hiddenChecks: true }))).toBe(true);
  });

  test("a handout has no cells of hints where none are wanted, and all others", () => {
    const [all, some] = [files, handoutFiles({ hints: false })].map((from) => notebookIn(from).cells);
    expect(some).toEqual(all.filter((cell) => courseRole(cell) !== "hint"));
    expect(some.length).toBeLessThan(all.length);
  });
});

function cell(id: string | undefined, source: string, role?: string): NotebookCell {
  const metadata = role ? { course: { role, exercise: "greeting" } } : {};
  return { ...(id === undefined ? {} : { id }), cell_type: "code", metadata, source };
}

const list = (text: string) => text.split(" ").filter(Boolean);
/** Cells from `id:source` or, without an id, `:source`. */
const cells = (text: string) =>
  list(text).map((one) => cell(one.split(":")[0] || undefined, one.split(":")[1]));
const hashes = (text: string) =>
  Object.fromEntries(list(text).map((one) => [one.split(":")[0], hashOf(one.split(":")[1])]));
const shown = (all: NotebookCell[]) => all.map((one) => `${one.id ?? ""}:${cellSource(one)}`).join(" ");

describe("a newer release under a learner's cells", () => {
  test.each([
    ["what is not new changes nothing", "a:1 b:2", "a:1 b:2", "a:1 b:2", "a:1 b:2"],
    ["a changed cell that the learner left alone is replaced", "a:1 b:2", "a:1 b:2", "a:1 b:3", "a:1 b:3"],
    ["a cell that the learner wrote stays", "a:1 b:2", "a:1 b:mine", "a:1 b:3", "a:1 b:mine"],
    ["a new cell comes in at its place", "a:1 b:2", "a:1 b:mine", "a:1 n:new b:2", "a:1 n:new b:mine"],
    [
      "a learner's own cell stays behind its cell",
      "a:1 b:2",
      "a:1 x:own b:2",
      "n:0 a:1 m:1 b:2",
      "n:0 a:1 x:own m:1 b:2",
    ],
    ["a learner's own cell stays first", "a:1", ":own a:1", "a:2", ":own a:2"],
    ["a cell that is gone goes, if the learner left it alone", "a:1 b:2", "a:1 b:2", "a:1", "a:1"],
    ["a cell that is gone stays, if the learner wrote in it", "a:1 b:2", "a:1 b:mine", "a:1", "a:1 b:mine"],
    ["a cell that the learner deleted stays deleted", "a:1 b:2", "a:1", "a:1 b:3", "a:1"],
    ["a copy of a cell stays", "a:1", "a:1 a:copy", "a:2", "a:2 a:copy"],
    ["cells without ids are known by their source", "a:1 b:2", ":1 :own :2", "a:3 b:2", "a:3 :own :2"],
  ])("an update merges cells, and %s: %s, now %s, gets %s: %s", (_what, base, mine, theirs, expected) => {
    expect(shown(mergeCells(cells(mine), cells(theirs), hashes(base)).cells)).toBe(expected);
  });

  test("an update that does not know what was handed out keeps whatever differs as the learner's", () => {
    expect(shown(mergeCells(cells("a:mine :own"), cells("a:1 b:2"), undefined).cells)).toBe(
      "a:mine :own b:2",
    );
  });

  test("an update knows an exercise's cell that lost its id by its exercise", () => {
    const mine = [cell(undefined, "mine", "exercise")];
    const merged = mergeCells(mine, [cell("a", "stub 2", "exercise")], { a: hashOf("stub 1") });
    expect(merged.cells).toEqual(mine);
    expect(merged.keptOverChange).toEqual(["a"]);
  });
});

describe("npm run update", () => {
  let folder: string;
  beforeAll(async () => void (folder = await temporaryFolder()));
  afterAll(() => fs.rmSync(folder, { recursive: true }));

  /** A small handout: one lesson, some files. */
  function handout(release: string, lesson: string, files: Record<string, string>): Record<string, string> {
    const notebook = {
      cells: cells(lesson),
      metadata: { course: { release } },
      nbformat: 4,
      nbformat_minor: 5,
    };
    const fileHashes = Object.fromEntries(
      Object.entries(files).map(([name, content]) => [name, hashOf(content)]),
    );
    const list = { release, files: fileHashes, cells: { "00-welcome": hashes(lesson) } };
    return {
      ...files,
      "notebooks/00-welcome.ipynb": JSON.stringify(notebook),
      "release.json": JSON.stringify(list),
    };
  }
  function write(name: string, files: Record<string, string>): string {
    for (const [file, content] of Object.entries(files)) {
      fs.mkdirSync(path.dirname(path.join(folder, name, file)), { recursive: true });
      fs.writeFileSync(path.join(folder, name, file), content);
    }
    return path.join(folder, name);
  }
  const NEWER = handout("2", "a:2 b:stub n:new", { "lib/x.ts": "x2", "lib/own.ts": "own2" });

  test("npm run update keeps what the learner wrote, with a copy of each file that was theirs, and takes in the rest", () => {
    const course = write(
      "course",
      handout("1", "a:1 b:stub", { "lib/x.ts": "x1", "lib/own.ts": "own1", "lib/old.ts": "old" }),
    );
    const file = path.join(course, "notebooks", "00-welcome.ipynb");
    fs.writeFileSync(file, fs.readFileSync(file, "utf8").replace('"stub"', '"my answer"'));
    fs.writeFileSync(path.join(course, "lib", "own.ts"), "changed by me");
    const before = fs.readFileSync(file);
    const zip = path.join(folder, "newer.zip");
    fs.writeFileSync(
      zip,
      zipSync(
        Object.fromEntries(
          Object.entries(NEWER).map(([name, content]) => [`c/${name}`, Buffer.from(content)]),
        ),
      ),
    );

    const copies = makeUpdate(course, planUpdate(course, zip));
    const { cells: now, raw } = parseNotebook(fs.readFileSync(file, "utf8"), "x");
    expect(shown(now)).toBe("a:2 b:my answer n:new");
    expect(raw.metadata).toEqual({ course: { release: "2" } });
    expect(fs.readFileSync(path.join(course, "lib", "x.ts"), "utf8")).toBe("x2");
    expect(fs.readFileSync(path.join(course, "lib", "own.ts"), "utf8")).toBe("own2");
    expect(fs.existsSync(path.join(course, "lib", "old.ts"))).toBe(false);
    expect(copies.map((copy) => fs.readFileSync(copy, "utf8"))).toEqual([before.toString(), "changed by me"]);

    const again = planUpdate(course, write("newer", NEWER));
    expect(again.files).toEqual([]);
    expect(again.lessons.filter(({ isChanged }) => isChanged)).toEqual([]);
  });

  test("npm run update changes nothing if it cannot be made whole", () => {
    const course = write("damaged", handout("1", "a:1", { "lib/x.ts": "x1" }));
    const from = write("newer", NEWER);
    expect(() => planUpdate(course, path.join(folder, "none"))).toThrow(/there is no folder or zip file/);
    expect(() => planUpdate(course, path.join(folder, "course", "lib"))).toThrow(/is no handout/);
    const file = path.join(course, "notebooks", "00-welcome.ipynb");
    fs.writeFileSync(
      file,
      fs.readFileSync(file, "utf8").replace('"metadata":{}', '"metadata":{"course":{"mine":{}}}'),
    );
    expect(() => planUpdate(course, from)).toThrow(/our solutions are in 00-welcome.ipynb/);
    fs.writeFileSync(file, "{");
    expect(() => planUpdate(course, from)).toThrow(/00-welcome.ipynb is not JSON.*nothing was updated/);
    expect(fs.readFileSync(path.join(course, "lib", "x.ts"), "utf8")).toBe("x1");
  });
});
