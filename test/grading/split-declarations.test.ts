import { expect, test } from "vitest";
import { splitDeclarations } from "../../lib/grading/split-declarations";

const lines = (...texts: string[]): string => texts.map((text) => `${text}\n`).join("");

test("a cell needs what it mentions, and what is mentioned there", () => {
  const [visit, node, other] = [
    "declare function visit(node: Node): Visit;",
    "type Node = { host: Host };",
    "declare const count: number;",
  ];
  const { needed, others } = splitDeclarations(lines(visit, other, node), "const all = nodes.map(visit);");
  expect(needed).toBe(lines(node, visit));
  expect(others).toBe(lines(other));
});

test("a name of a list of imports is needed without the others", () => {
  const { needed, others } = splitDeclarations(
    'import { Packet, visit as call } from "@course/lib";',
    "call(1);",
  );
  expect(needed).toBe('import { visit as call } from "@course/lib";\n');
  expect(others).toBe('import { Packet } from "@course/lib";\n');
});

test("what other modules declare may be anywhere: their imports are needed by all cells", () => {
  const text = 'import { extend } from "./extend";\n';
  expect(splitDeclarations(text, "[].first();")).toEqual({ needed: text, others: "" });
});

test("what a cell declares anew is needed, since it takes its place, with all declarations of that name", () => {
  const overloads = ["declare function f(a: string): string;", "declare function f(a: number): number;"];
  const other = "declare let g: any;";
  const { needed, others } = splitDeclarations(lines(overloads[0], other, overloads[1]), "const f = 1;");
  expect(needed).toBe(lines(...overloads));
  expect(others).toBe(lines(other));
});

test("declarations are needed in the same order, in whichever they came", () => {
  const [a, b] = ["declare const a: 1;", "declare const b: 2;"];
  expect(splitDeclarations(lines(b, a), "a + b").needed).toBe(splitDeclarations(lines(a, b), "a + b").needed);
});
