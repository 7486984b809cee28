import { templateOf, translate } from "@course/lib/language";
import { expect, test } from "vitest";

const TEMPLATES = [
  templateOf("{WHAT}: expected {A}, got {GOT}", "{WHAT}: erwartet war {A}, gekommen ist {GOT}"),
  templateOf("the port of {key}", "der Port von {key}"),
  templateOf("the number {x}", "die Zahl {x}"),
];
const TEXTS: Record<string, string> = { nothing: "nichts" };
const say = (sentence: string) =>
  translate(sentence, (text) => (Object.hasOwn(TEXTS, text) ? TEXTS[text] : undefined), TEMPLATES);

test.each([
  ["the port of x: expected 1, got 2", "der Port von x: erwartet war 1, gekommen ist 2"],
  ["a: expected the number 1, got nothing", "a: erwartet war die Zahl 1, gekommen ist nichts"],
  ["nothing", "nichts"],
  // A value stays as it is, whatever it says.
  ["the port of nothing", "der Port von nothing"],
  ["no template knows this", "no template knows this"],
  ["constructor", "constructor"],
])("translate() says %j as %j", (english, german) => expect(say(english)).toBe(german));

test("a template whose translation has other places is refused", () => {
  expect(() => templateOf("expected {a}, got {b}", "erwartet war {a}")).toThrow("{b}");
  expect(() => templateOf("expected {a}", "erwartet war {a}, nicht {c}")).toThrow("{c}");
});

test("what an answer put into a message does not keep the translation busy", () => {
  const hostile = `${": expected , got ".repeat(5000)}!`;
  const start = performance.now();
  expect(say(`x: expected 1, got ${hostile}`)).toContain("got");
  expect(performance.now() - start).toBeLessThan(1000);
});
