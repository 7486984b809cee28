/** The doors of lib/: what the index.ts of each room exports. */
import fs from "node:fs";
import path from "node:path";
import ts from "typescript";
import { root } from "../../scripts/setup/paths";

const lib = path.join(root, "lib");

export interface ExportedName {
  name: string;
  isType: boolean;
}

/** Returns the statements of a TypeScript file. */
export function statementsOf(file: string): readonly ts.Statement[] {
  return ts.createSourceFile(file, fs.readFileSync(file, "utf8"), ts.ScriptTarget.ES2022).statements;
}

/** Returns the names that an index.ts exports, each of which it has to name. */
export function exportsOf(file: string): ExportedName[] {
  return statementsOf(file)
    .filter(ts.isExportDeclaration)
    .flatMap(({ exportClause, isTypeOnly }) => {
      if (!exportClause || !ts.isNamedExports(exportClause))
        throw new Error(`export * in ${file}: name what is exported`);
      return exportClause.elements.map((one) => ({
        name: one.name.text,
        isType: isTypeOnly || one.isTypeOnly,
      }));
    });
}

/** Returns the names that each room exports, by the room as `@course/lib/ROOM` has it: `wire`, `grading/walls`. */
export function doors(): Map<string, ExportedName[]> {
  const rooms = fs
    .readdirSync(lib, { recursive: true, encoding: "utf8" })
    .filter((file) => path.basename(file) === "package.json" && !/^(dist|node_modules)\b/.test(file))
    .map((file) => path.dirname(file))
    .filter((room) => room !== "." && fs.existsSync(path.join(lib, room, "index.ts")));
  return new Map(
    rooms.map((room) => [room.replaceAll(path.sep, "/"), exportsOf(path.join(lib, room, "index.ts"))]),
  );
}
