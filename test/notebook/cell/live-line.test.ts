import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { liveLine } from "@course/lib/notebook";

const shown: string[] = [];
beforeEach(() => {
  vi.useFakeTimers();
  shown.length = 0;
  vi.spyOn(console, "log").mockImplementation((text: string) => void shown.push(text));
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

test("liveLine() shows the first text at once, and then the newest text ten times per second", () => {
  const show = liveLine();
  for (let i = 1; i <= 5; i++) show(`${i}`);
  expect(shown).toEqual(["1"]);
  vi.advanceTimersByTime(100);
  expect(shown).toEqual(["1", "5"]);
  vi.advanceTimersByTime(1000);
  expect(shown).toEqual(["1", "5"]);
  show("6");
  expect(shown).toEqual(["1", "5", "6"]);
});

test("liveLine() shows the last text at once, and nothing after it", () => {
  const show = liveLine();
  show("1");
  show("2");
  show("3", true);
  expect(shown).toEqual(["1", "3"]);
  vi.advanceTimersByTime(1000);
  expect(shown).toEqual(["1", "3"]);
});
