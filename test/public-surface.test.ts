/** lib/index.ts is a written list: what nobody uses is not on it. */
import fs from "node:fs";
import path from "node:path";
import { exercises, type ExerciseId } from "@course/lib/exercises";
import { cellSource, readNotebook, solutionSource } from "@course/lib/notebook";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { root } from "../scripts/setup/paths";

interface Name {
  name: string;
  isType: boolean;
}

const index = ts.createSourceFile(
  "index.ts",
  fs.readFileSync(path.join(root, "lib", "index.ts"), "utf8"),
  ts.ScriptTarget.ES2022,
);

const exported: Name[] = index.statements
  .filter(ts.isExportDeclaration)
  .flatMap(({ exportClause, isTypeOnly }) => {
    if (!exportClause || !ts.isNamedExports(exportClause)) throw new Error("export *: name what is exported");
    return exportClause.elements.map((one) => ({
      name: one.name.text,
      isType: isTypeOnly || one.isTypeOnly,
    }));
  });

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
    for (const statement of index.statements) {
      const from = (statement as ts.ExportDeclaration).moduleSpecifier as ts.StringLiteral;
      expect(from.text).toMatch(/^\.\/(\w+\/index|notebook\/install)$/);
    }
  });
});

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
