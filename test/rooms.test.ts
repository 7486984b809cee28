/** The layout of the repository: what lies where, and which room may import which. */
import fs from "node:fs";
import path from "node:path";
import { ESLint } from "eslint";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { root } from "../scripts/setup/paths";
import { doors, statementsOf } from "./helpers/exported";

const lib = path.join(root, "lib");

/** The TypeScript files below a folder, without what is compiled. */
function sources(folder: string): string[] {
  return fs
    .readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => path.join(folder, name))
    .filter((file) => file.endsWith(".ts") && !/[\\/](dist|node_modules)[\\/]/.test(file));
}

/** What a file imports of the library: values and types, `import()` and `export … from`. */
function importsOf(file: string): string[] {
  const { importedFiles } = ts.preProcessFile(fs.readFileSync(file, "utf8"), true, true);
  return importedFiles
    .filter(({ fileName }) => fileName.startsWith(".") && !fileName.endsWith(".json"))
    .map(({ fileName }) => path.resolve(path.dirname(file), `${fileName}.ts`));
}

/** The values that a file imports by `import … from`, by where they are from; `*` where it names none. */
function valuesOf(file: string): { from: string; names: string[] }[] {
  return statementsOf(file)
    .filter(ts.isImportDeclaration)
    .filter(({ importClause }) => !importClause?.isTypeOnly)
    .map(({ importClause, moduleSpecifier }) => {
      const list = importClause?.namedBindings;
      const named = list && ts.isNamedImports(list) ? [...list.elements] : undefined;
      const names = named?.filter(({ isTypeOnly }) => !isTypeOnly);
      return {
        from: (moduleSpecifier as ts.StringLiteral).text,
        names: names?.map((one) => (one.propertyName ?? one.name).text) ?? ["*"],
      };
    })
    .filter(({ names }) => names.length > 0);
}

/** The first circle in a graph, as a path that ends where it begins. */
function circleIn(graph: Map<string, string[]>): string[] | undefined {
  const finished = new Set<string>();
  const visit = (node: string, way: string[]): string[] | undefined => {
    if (way.includes(node)) return [...way.slice(way.indexOf(node)), node];
    if (finished.has(node)) return undefined;
    for (const next of graph.get(node) ?? []) {
      const circle = visit(next, [...way, node]);
      if (circle) return circle;
    }
    finished.add(node);
    return undefined;
  };
  for (const node of graph.keys()) {
    const circle = visit(node, []);
    if (circle) return circle;
  }
  return undefined;
}

/** ESLint as our lint runs it, with the rule of the arrows alone: the others need types, and so half a minute. */
function arrowsLint(): ESLint {
  return new ESLint({
    cwd: root,
    ruleFilter: ({ ruleId }) => ruleId === "@typescript-eslint/no-restricted-imports",
    overrideConfig: { languageOptions: { parserOptions: { projectService: false } } },
  });
}

describe("the imports of lib/", () => {
  const graph = new Map(sources(lib).map((file) => [file, importsOf(file)]));

  test("the imports of lib/ lead to files that exist, so that the next test misses none", () => {
    const missing = [...graph.values()].flat().filter((file) => !graph.has(file));
    expect(missing).toEqual([]);
    expect(graph.size).toBeGreaterThan(150);
  });

  test("the imports of lib/ go in no circle, types included", () => {
    expect(circleIn(graph)?.map((file) => path.relative(lib, file))).toBeUndefined();
  });

  test.each([
    ["wire/bytes.ts", 'import { now } from "../util/clock";\nexport const x: number = now();'],
    ["util/clock.ts", 'import { toHex } from "../wire/bytes";\nexport const x = toHex;'],
    ["peer/visit.ts", 'import type { CrawlOptions } from "../crawl/crawl";\nexport type X = CrawlOptions;'],
    ["peer/visit.ts", 'export type { CrawlOptions } from "../crawl/crawl";'],
    ["checks/expect.ts", 'import { exercises } from "../exercises/exercises";\nexport const x = exercises;'],
    [
      "checks/fakes/mock-api.ts",
      'import type { Verdict } from "../../notebook/check";\nexport type X = Verdict;',
    ],
    [
      "practice/behaviour/session.ts",
      'import type { Peer } from "../population/nodes";\nexport type X = Peer;',
    ],
    ["notebook/cell/display.ts", 'import type { Span } from "../plots/span";\nexport type X = Span;'],
    ["notebook/plots/plot.ts", 'import { check } from "../check";\nexport const x = check;'],
    ["crawl/crawl.ts", 'import { visit } from "../peer/index";\nexport const x = visit;'],
    ["crawl/crawl.ts", 'import { visit } from "@course/lib/peer";\nexport const x = visit;'],
  ])("imports in lib/ are refused by lint where they go up or through a door: %s, %s", async (file, text) => {
    const eslint = arrowsLint();
    const [{ messages }] = await eslint.lintText(text, { filePath: path.join(lib, file) });
    expect(messages.map(({ ruleId }) => ruleId)).toContain("@typescript-eslint/no-restricted-imports");
  });

  test("imports in lib/ are allowed by lint where they go down", async () => {
    const eslint = arrowsLint();
    const text = 'import type { Visit } from "../peer/visit";\nexport type X = Visit;\n';
    const [{ messages }] = await eslint.lintText(text, { filePath: path.join(lib, "crawl/crawl.ts") });
    expect(messages).toEqual([]);
  });
});

describe("the imports of test/", () => {
  const values = new Map(sources(path.join(root, "test")).map((file) => [file, valuesOf(file)]));
  const isSource = (from: string) => /^(\.\.\/)+lib\//.test(from) && !from.endsWith(".json");
  const ofSource = [...values].filter(([, all]) => all.some(({ from }) => isSource(from)));

  // There are two copies of a class then, since vitest loads lib/ and lib/dist apart: `instanceof` tells them
  // apart too.
  test("a test file that imports values from the library's source imports none through a door", () => {
    const both = ofSource.filter(([, all]) => all.some(({ from }) => from.startsWith("@course/lib")));
    expect(ofSource.length).toBeGreaterThan(5);
    expect(both.map(([file]) => path.relative(root, file))).toEqual([]);
  });

  test("a test file that imports values from the library's source needs one that no door exports", () => {
    const exported = new Set([...doors().values()].flat().map(({ name }) => name));
    const needless = ofSource.filter(([, all]) =>
      all
        .filter(({ from }) => isSource(from))
        .every(({ names }) => names.every((name) => exported.has(name))),
    );
    expect(needless.map(([file]) => path.relative(root, file))).toEqual([]);
  });
});

describe("what lies where", () => {
  const names = (folder: string) => fs.readdirSync(path.join(root, folder), { withFileTypes: true });

  test("nothing but index.ts lies loose in lib/", () => {
    const files = names("lib").filter((entry) => entry.isFile() && entry.name.endsWith(".ts"));
    expect(files.map(({ name }) => name)).toEqual(["index.ts"]);
  });

  test("every room of lib/ has a door, and a package.json that leads to it", () => {
    const rooms = names("lib").filter(
      (entry) => entry.isDirectory() && !/^(bin|dist|node_modules)$/.test(entry.name),
    );
    for (const { name } of rooms) {
      const { main, types } = JSON.parse(
        fs.readFileSync(path.join(lib, name, "package.json"), "utf8"),
      ) as Record<string, string>;
      expect(fs.existsSync(path.join(lib, name, main)), `lib/${name}: ${main}`).toBe(true);
      expect(fs.existsSync(path.join(lib, name, types)), `lib/${name}: ${types}`).toBe(true);
    }
  });

  test("a file at the top of scripts/ is an npm command, and every command is a file there", () => {
    const { scripts } = JSON.parse(fs.readFileSync(path.join(root, "package.json"), "utf8")) as {
      scripts: Record<string, string>;
    };
    const commands = new Set(Object.values(scripts).map((line) => /run\.cjs ([\w-]+)$/.exec(line)![1]));
    commands.delete("build"); // run.cjs does that itself
    const files = names("scripts").filter((entry) => entry.isFile() && entry.name !== "run.cjs");
    expect(files.map(({ name }) => name).sort()).toEqual([...commands].map((name) => `${name}.ts`).sort());
  });

  test("no file reaches into what is compiled", () => {
    const files = ["lib", "scripts", "test"].flatMap((folder) => sources(path.join(root, folder)));
    const reach = /["'](@course\/lib|(\.\.\/)+lib)\/dist\//;
    const own = path.join(root, "test", "rooms.test.ts");
    expect(files.filter((file) => file !== own && reach.test(fs.readFileSync(file, "utf8")))).toEqual([]);
  });
});
