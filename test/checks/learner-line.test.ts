import vm from "node:vm";
import { expect, test } from "vitest";
import { type AnyFunction, learnerLine } from "@course/lib/checks";

/** Runs code as the kernel does, and returns the function `answer` that it declares. */
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

test("learnerLine() finds the line that threw in the text of the function", () => {
  const answer = cell("const before = 1;\n\nfunction answer() {\n  const a = null;\n  return a.b;\n}");
  expect(learnerLine(answer, errorOf(answer))).toBe("in your line: return a.b;");
});

test("learnerLine() shows names that the compiler qualified as they were written", () => {
  const answer = cell(
    "function answer() {\n  return (0, exports.getNodes)(lib_1.OUR_VERSION, exports.BITNODES_URL);\n}",
  );
  expect(learnerLine(answer, errorOf(answer))).toBe(
    "in your line: return getNodes(OUR_VERSION, BITNODES_URL);",
  );
});

test("learnerLine() of an error from other code is undefined", () => {
  const answer = cell("function answer() {\n  return 1;\n}");
  expect(learnerLine(answer, new Error("elsewhere"))).toBeUndefined();
  expect(learnerLine(answer, Object.assign(new Error(), { stack: 5 }))).toBeUndefined();
});

test("learnerLine() leaves no global variable behind", () => {
  const answer = cell("function answer() {\n  throw new Error();\n}");
  learnerLine(answer, errorOf(answer));
  expect(Object.keys(globalThis).filter((name) => name.includes("course"))).toEqual([]);
});
