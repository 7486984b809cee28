import { expect, test } from "vitest";
import { type ExerciseId, exercises } from "@course/lib/exercises";
import { hint, solution, useSolution } from "@course/lib/notebook";
import { catchPrinted } from "../helpers/printed";

const printed = catchPrinted();

/** What a call shows. The process remembers the hints it has shown, so each test has an exercise of its own. */
function shown(call: () => void): string {
  printed.length = 0;
  call();
  return printed.join("\n");
}

test("hint() shows the hints one after the other, and then says that there are no more", () => {
  const { hints } = exercises.greeting;
  for (const [i, text] of hints.entries()) {
    expect(shown(() => hint("greeting"))).toBe(`**Hint ${i + 1} of 3.** ${text}`);
  }
  expect(shown(() => hint("greeting"))).toContain('You have seen all 3 hints. `hint("greeting", 1)`');
});

test("a hint that begins with a block of code has it on lines of its own", () => {
  expect(shown(() => hint("countBy", 3))).toMatch(/^\*\*Hint 3 of 3\.\*\*\n\n```ts\n/);
});

test("hint() shows the hint of a number, and then the one after the highest shown", () => {
  expect(shown(() => hint("getNodes", 2))).toContain("**Hint 2 of 3.**");
  expect(shown(() => hint("getNodes", 1))).toContain("**Hint 1 of 3.**");
  expect(shown(() => hint("getNodes"))).toContain("**Hint 3 of 3.**");
});

test.each([0, 4, -1, 1.5, "two"])("hint() with the number %s says which hints there are", (tier) => {
  expect(shown(() => hint("progressLine", tier as 1))).toContain("There are hints 1 to 3");
});

test("solution() shows a solution at once after the third hint", () => {
  hint("nodesToAddressStrings", 3);
  expect(shown(() => solution("nodesToAddressStrings"))).toContain("return Object.keys(nodes);");
});

test("solution() says how many hints are left, and shows the solution at the second call", () => {
  hint("nodesToAddressTuples");
  const first = shown(() => solution("nodesToAddressTuples"));
  expect(first).toContain('Two hints are left for you: `hint("nodesToAddressTuples")`');
  expect(first).not.toContain("lastIndexOf");
  expect(shown(() => solution("nodesToAddressTuples"))).toContain("lastIndexOf");
});

test.each(["getnodes", undefined, 5])(
  "hint(), solution() and useSolution() of the unknown id %s say that there is none",
  (id) => {
    const wrong = id as ExerciseId;
    expect(shown(() => hint(wrong))).toContain("There is no exercise");
    expect(shown(() => solution(wrong))).toContain("There is no exercise");
    expect(() => useSolution(wrong)).toThrow("There is no exercise");
  },
);

test("useSolution() returns the course's own function, and says so in a line", () => {
  expect(shown(() => expect(useSolution("getNodes")).toBe(exercises.getNodes.solution))).toMatch(
    /^getNodes is the course's own version from here on\..*$/,
  );
});
