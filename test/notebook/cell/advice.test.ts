import { expect, test } from "vitest";
import { withAdvice } from "@course/lib/notebook";

const ADVICE: [what: string, message: string, advice: RegExp][] = [
  [
    "an exercise's function that is not declared",
    "Cannot find name 'getNodes'.",
    /The cell that declares getNodes has not run, or has an error itself/,
  ],
  [
    "any other name, whatever the compiler proposes",
    "Cannot find name 'service'. Did you mean 'services'?",
    /run that one first/,
  ],
  [
    "a promise that is used as if it were its value",
    "Property 'statusCode' does not exist on type 'Promise<ResponseData<null>>'.",
    /`await` missing\?$/,
  ],
  [
    "a promise that is returned instead of its value",
    "Type 'Promise<void>' is not assignable to type 'string'.",
    /`await` missing\?$/,
  ],
];

test.each(ADVICE)("the compiler's message about %s gets advice", (_what, message, advice) => {
  expect(withAdvice(message)).toMatch(advice);
  expect(withAdvice(message)).toContain(message);
});

test("a compiler message that needs no advice is left as it is", () => {
  expect(withAdvice("'}' expected.")).toBe("'}' expected.");
});
