import { expect, test } from "vitest";
import { withoutExports } from "@course/lib/kernel";

test.each([
  ["export const a = 1;", "       const a = 1;"],
  ["export async function f() {}\nexport class C {}", "       async function f() {}\n       class C {}"],
  ["const a = 1;\nexport { a };", "const a = 1;\n             "],
  ["export type T = 1; export interface I {}", "       type T = 1;        interface I {}"],
])("withoutExports() blanks the word, and moves nothing: %j", (source, plain) => {
  expect(withoutExports(source)).toBe(plain);
});

test.each([
  'const text = "export const a";',
  "export default function f() {}",
  'export { request } from "undici";',
  "const a = 1;\nexport { a as b };",
])("withoutExports() leaves alone what is something else: %j", (source) => {
  expect(withoutExports(source)).toBe(source);
});
