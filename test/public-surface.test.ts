/** lib/index.ts, and the index.ts of each room, are written lists: what nobody uses is not on them. */
import fs from "node:fs";
import path from "node:path";
import { exercises, type ExerciseId } from "@course/lib/exercises";
import { cellSource, readNotebook, solutionSource } from "@course/lib/notebook";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { root } from "../scripts/setup/paths";
import { doors, exportsOf, statementsOf } from "./helpers/exported";

const index = path.join(root, "lib", "index.ts");
const exported = exportsOf(index);

const folder = path.join(root, "notebooks");
const lessons = fs
  .readdirSync(folder)
  .filter((name) => name.endsWith(".ipynb"))
  .map((name) => readNotebook(path.join(folder, name)).cells.map(cellSource).join("\n"));
const printed = (Object.keys(exercises) as ExerciseId[]).map(solutionSource);
const readme = fs.readFileSync(path.join(root, "README.md"), "utf8");
const words = (texts: string[]) => new Set(texts.join("\n").match(/[\w$]+/g));
const used = words([...lessons, ...printed, readme, ...Object.keys(exercises)]);

describe("the names that @course/lib exports", () => {
  const types = exported.filter(({ isType }) => isType).map(({ name }) => name);
  const values = exported.filter(({ isType }) => !isType).map(({ name }) => name);

  test("the names that @course/lib exports are used by a lesson, a printed solution or the README", () => {
    expect(values.filter((name) => !used.has(name))).toEqual([]);
  });

  test("the types that @course/lib exports are used there or in the signature of a name that is exported", () => {
    const signatures = words([...declarationsOf(values), ...declarationsOf(types)]);
    expect(types.filter((name) => !used.has(name) && !signatures.has(name))).toEqual([]);
  });

  test("the names that @course/lib exports are all that the lessons and the printed solutions import", () => {
    const imported = [...lessons, ...printed].flatMap((text) =>
      [...text.matchAll(/import (?:type )?\{([^}]*)\} from "@course\/lib"/g)].flatMap(([, list]) =>
        list.split(",").map((name) => name.replace(/^\s*type /, "").trim()),
      ),
    );
    const names = new Set(exported.map(({ name }) => name));
    expect(imported.filter((name) => name !== "" && !names.has(name))).toEqual([]);
  });

  test("the names that @course/lib exports stand under the room that they come from, each once", () => {
    expect(new Set(exported.map(({ name }) => name)).size).toBe(exported.length);
    for (const statement of statementsOf(index)) {
      const from = (statement as ts.ExportDeclaration).moduleSpecifier as ts.StringLiteral;
      expect(from.text).toMatch(/^\.\/(\w+\/index|notebook\/install)$/);
    }
  });
});

describe("the names that the rooms export", () => {
  test("each value that a room exports is imported from there, or through @course/lib", () => {
    const imported = importedNames(users());
    for (const { name } of exported) imported.add(name);
    const unused = [...doors()].flatMap(([room, names]) =>
      names
        .filter(({ name, isType }) => !isType && !imported.has(name) && !imported.has(`${room} ${name}`))
        .map(({ name }) => `${room}: ${name}`),
    );
    expect(unused).toEqual([]);
  });

  test.each([
    ['import { a, type b } from "@course/lib/wire";', ["wire a"]],
    [
      'import {\n  a,\n  b as c,\n} from "@course/lib/grading/walls";',
      ["grading/walls a", "grading/walls b"],
    ],
    ['import type { a } from "@course/lib/wire";\nimport { b } from "@course/lib";', ["b"]],
    ["const { a, b: c } = await import('@course/lib/peer');", ["peer a", "peer b"]],
    ['require("@course/lib/util").a(); (await import("@course/lib/util")).b;', ["util a", "util b"]],
    ['import { a } from "./wire"; // as @course/lib/wire', []],
  ])("importedNames() of %j are %j", (text, names) => {
    expect([...importedNames([text])]).toEqual(names);
  });
});

/** The texts of everything that may import from the library: scripts, tests, lessons and pages. */
function users(): string[] {
  // They have imports in texts, as examples.
  const examples = ["rooms.test.ts", "public-surface.test.ts"].map((name) => path.join("test", name));
  const files = ["scripts", "test", "docs", "hub", "binder"].flatMap((folder) =>
    fs
      .readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
      .map((name) => path.join(folder, name))
      .filter((name) => /\.([cm]?[jt]s|md|py)$/.test(name) && !examples.includes(name)),
  );
  return [...lessons, readme, ...files.map((name) => fs.readFileSync(path.join(root, name), "utf8"))];
}

/** The values that texts import, as `ROOM NAME`, or `NAME` if it is from `@course/lib` itself. */
function importedNames(texts: string[]): Set<string> {
  const from = String.raw`["'` + "`" + String.raw`]@course/lib(?:/([\w/-]+))?["'` + "`" + String.raw`]`;
  const lists = [
    new RegExp(String.raw`\bimport (\{[^{}]*\}) from ${from}`, "g"),
    new RegExp(String.raw`(\{[^{}]*\}) = (?:await )?(?:import|require)\(${from}\)`, "g"),
  ];
  const one = new RegExp(String.raw`\b(?:import|require)\(${from}\)\)?\.(\w+)`, "g");
  const names = new Set<string>();
  const add = (name: string, room?: string) => names.add(room ? `${room} ${name}` : name);
  for (const text of texts) {
    for (const [, list, room] of lists.flatMap((form) => [...text.matchAll(form)]))
      for (const [, name] of list.matchAll(/[{,]\s*(?!type\s)([\w$]+)/g)) add(name, room);
    for (const [, room, name] of text.matchAll(one)) add(name, room);
  }
  return names;
}

/** The declarations of these names in the compiled library's types, without their own names. */
function declarationsOf(names: string[]): string[] {
  const wanted = new Set(names);
  const dist = path.join(root, "lib", "dist");
  const files = fs
    .readdirSync(dist, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".d.ts") && !name.endsWith("index.d.ts"));
  return files.flatMap((name) => {
    const text = fs.readFileSync(path.join(dist, name), "utf8");
    const file = ts.createSourceFile(name, text, ts.ScriptTarget.ES2022, true);
    return file.statements.flatMap((statement) => {
      const own = namesOf(statement).filter((one) => wanted.has(one));
      return own.map((one) => statement.getText(file).replaceAll(new RegExp(`\\b${one}\\b`, "g"), ""));
    });
  });
}

function namesOf(statement: ts.Statement): string[] {
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.map(({ name }) => (name as ts.Identifier).text);
  const { name } = statement as ts.Statement & { name?: ts.Identifier };
  return name ? [name.text] : [];
}
