import vm from "node:vm";
import { expect, test } from "vitest";
import { type AnyFunction, learnerLine } from "@course/lib/checks";

/** Runs code as the kernel does, and gives the function it declares. */
function cell(code: string): AnyFunction {
  return vm.runInThisContext(`(function(exports, require) { ${code}\nreturn answer;\n})({}, null)`);
}

function errorOf(fn: AnyFunction): Error {
  try {
    return fn();
  } catch (error) {
    return error as Error;
  }
}

test("the line that threw is found in the function's own text", () => {
  const answer = cell("const before = 1;\n\nfunction answer() {\n  const a = null;\n  return a.b;\n}");
  expect(learnerLine(answer, errorOf(answer))).toBe("in your line: return a.b;");
});

test("names that the compiler qualified are shown as they were written", () => {
  const answer = cell(
    "function answer() {\n  return (0, exports.getNodes)(lib_1.OUR_VERSION, exports.BITNODES_URL);\n}",
  );
  expect(learnerLine(answer, errorOf(answer))).toBe(
    "in your line: return getNodes(OUR_VERSION, BITNODES_URL);",
  );
});

test("an error from elsewhere has no line", () => {
  const answer = cell("function answer() {\n  return 1;\n}");
  expect(learnerLine(answer, new Error("elsewhere"))).toBeUndefined();
  expect(learnerLine(answer, Object.assign(new Error(), { stack: 5 }))).toBeUndefined();
});

test("no name is left behind", () => {
  const answer = cell("function answer() {\n  throw new Error();\n}");
  learnerLine(answer, errorOf(answer));
  expect(Object.keys(globalThis).filter((name) => name.includes("course"))).toEqual([]);
});
