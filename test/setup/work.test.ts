/** COURSE_WORK: the learner's work is in a folder of its own, and the course is only read. */
import { spawnSync } from "node:child_process";
import { lstatSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cellSource, type Notebook, readNotebook, writeNotebook } from "@course/lib/notebook";
import { hashOf } from "../../scripts/handout/release";
import { root } from "../../scripts/setup/paths";
import { type Command, program, remove, temporaryFolder } from "../helpers/course";
import { PROGRAM } from "../helpers/limits";

let work: string;
beforeAll(async () => void (work = await temporaryFolder()));
afterAll(() => remove(work));

const READ_ONLY = ["--dev-bind", "/", "/", "--ro-bind", root, root];
/** Where the machine lets it, the course's folder cannot be written to, as in an image. */
const WALL = spawnSync("bwrap", [...READ_ONLY, "true"]).status === 0 ? ["bwrap", ...READ_ONLY] : [];

function run(name: string, ...args: string[]): Command {
  const [command, ...rest] = [
    ...WALL,
    process.execPath,
    path.join(root, "scripts", "run.cjs"),
    name,
    ...args,
  ];
  return program(command, rest, { COURSE_WORK: work }, work);
}

async function setup(): Promise<string> {
  const command = run("setup", "--no-jupyter");
  expect(await command.exitCode(), command.output).toBe(0);
  return command.output;
}

const file = () => path.join(work, "notebooks", "00-welcome.ipynb");
const answer = (notebook: Notebook) => notebook.cells.find((cell) => cell.metadata?.course !== undefined)!;

test(
  "the lessons and a link to their pictures are brought into the folder of COURSE_WORK, and nothing at a second time",
  async () => {
    expect(await setup()).toContain(`The lessons are in ${path.join(work, "notebooks")}.`);
    expect(readdirSync(path.join(work, "notebooks"))).toEqual(
      readdirSync(path.join(root, "notebooks")).filter((name) => name.endsWith(".ipynb")),
    );
    expect(readlinkSync(path.join(work, "images"))).toBe(path.join(root, "images"));
    const { mtimeMs } = lstatSync(file());
    expect(await setup()).toBe(`The course is set up in ${work}.\n`);
    expect(lstatSync(file()).mtimeMs).toBe(mtimeMs);
  },
  PROGRAM,
);

test(
  "a newer lesson comes under the learner's work, which stays as it is",
  async () => {
    const notebook = readNotebook(file());
    const text = notebook.cells.find((cell) => cell.cell_type === "markdown")!;
    const newer = cellSource(text);
    text.source = "older text";
    answer(notebook).source = "// mine";
    writeNotebook(file(), notebook);
    // As an older release handed it out.
    const list = path.join(work, "release.json");
    const release = JSON.parse(readFileSync(list, "utf8"));
    release.cells["00-welcome"][text.id!] = hashOf("older text");
    writeFileSync(list, JSON.stringify(release));

    expect(await setup()).toMatch(/newer now\. As they were: \.course\/backups\/00-welcome\/\S+\.ipynb/);
    const updated = readNotebook(file());
    expect(cellSource(updated.cells.find(({ id }) => id === text.id)!)).toBe(newer);
    expect(cellSource(answer(updated))).toBe("// mine");
  },
  PROGRAM,
);

test(
  "a notebook that is damaged is said, and nothing is lost",
  async () => {
    const before = readFileSync(file(), "utf8");
    writeFileSync(file(), "{");
    expect(await setup()).toMatch(/The lessons in \S+ stay as they are: 00-welcome\.ipynb is not JSON/);
    expect(readFileSync(file(), "utf8")).toBe("{");
    writeFileSync(file(), before);
  },
  PROGRAM,
);

test(
  "commands for learners read and write in the folder of COURSE_WORK",
  async () => {
    // The second needs what a cell has imported from the library, which is in no folder above the notebook.
    const ids = ["greeting", "readNetworkAddress"];
    const solved = run("solutions", "in", ...ids);
    expect(await solved.exitCode(), solved.output).toBe(0);
    const graded = run("grade", ...ids);
    expect(await graded.exitCode(), graded.output).toBe(0);
    for (const id of ids) expect(graded.output).toMatch(new RegExp(`${id} +solved`));
    const updated = run("update", work);
    expect(await updated.exitCode()).toBe(1);
    expect(updated.output).toContain(`The course is in ${root}, apart from your work in ${work}`);
  },
  PROGRAM,
);
