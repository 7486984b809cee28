import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { statusLine } from "../../../scripts/crawl/progress";
import { summary } from "../../../scripts/crawl/summary";
import { mostFrequent, CrawlStats } from "../../../scripts/crawl/stats";
import { duration, percent } from "../../../scripts/cli/format";
import { formatCount } from "@course/lib/util";
import { failed, heard } from "./made-up";

beforeEach(() => void vi.useFakeTimers({ toFake: ["performance"] }));
afterEach(() => void vi.useRealTimers());

describe("the line of progress", () => {
  test("says what came in and what failed how, how fast, and when it will be over", () => {
    const tally = new CrawlStats(20);
    tally.begin();
    ["/a/", "/b/"].forEach((agent) => tally.add(heard(agent)));
    (["REFUSED", "REFUSED", "CLOSED"] as const).forEach((code) => tally.add(failed(code)));
    vi.advanceTimersByTime(2000);
    expect(statusLine(tally)).toBe("25.0% | 2 received | 3 failed | 3/s | 6.0 s left | 2 REFUSED, 1 CLOSED");
  });

  test("takes no credit, and no time, for what an earlier crawl has done", () => {
    const tally = new CrawlStats(20, [heard("/a/"), failed("REFUSED")]);
    tally.begin();
    vi.advanceTimersByTime(1000);
    expect(statusLine(tally)).toBe(
      "10.0% | 1 received | 1 failed | 0/s | time left not known yet | 1 REFUSED",
    );
    tally.add(heard("/b/"));
    expect(statusLine(tally)).toBe("15.0% | 2 received | 1 failed | 1/s | 17 s left | 1 REFUSED");
  });

  test("says when it is done, and that nobody was there to be called", () => {
    const tally = new CrawlStats(1);
    tally.begin();
    tally.add(heard("/a/"));
    vi.advanceTimersByTime(500);
    expect(statusLine(tally)).toBe("100% | 1 received | 0 failed | 2/s | done");
    expect(statusLine(new CrawlStats(0))).toBe("100% | 0 received | 0 failed | 0/s | done");
  });
});

describe("the summary", () => {
  test("has outcomes and names by number, with their shares, and the time", () => {
    const tally = new CrawlStats(8);
    tally.begin();
    ["/b/", "/a/", "/b/", "/a/", "/c/"].forEach((agent) => tally.add(heard(agent)));
    (["CLOSED", "REFUSED", "REFUSED"] as const).forEach((code) => tally.add(failed(code)));
    vi.advanceTimersByTime(4000);
    tally.end();
    vi.advanceTimersByTime(4000);
    expect(summary(tally).split("\n")).toEqual([
      "┌───────────────────┬───────────┬───────┐",
      "│ what came of it   │ addresses │ share │",
      "│ a version message │         5 │ 62.5% │",
      "│ REFUSED           │         2 │ 25.0% │",
      "│ CLOSED            │         1 │ 12.5% │",
      "└───────────────────┴───────────┴───────┘",
      "┌───────────────────────────┬───────┬───────┐",
      "│ what they call themselves │ nodes │ share │",
      "│ /a/                       │     2 │ 40.0% │",
      "│ /b/                       │     2 │ 40.0% │",
      "│ /c/                       │     1 │ 20.0% │",
      "└───────────────────────────┴───────┴───────┘",
      "8 addresses in 4.0 s, 2 a second.",
    ]);
  });

  test("shows five names, long ones cut, and none that could write on the terminal by itself", () => {
    const names = ["\u001b[2J", "é".repeat(60), "/\udcff/", "", "/5/", "/6/", "/7/"];
    const tally = new CrawlStats(28);
    names.forEach((name, i) => {
      for (let n = names.length; n > i; n--) tally.add(heard(name));
    });
    const text = summary(tally);
    expect(text).toContain("│ \\x1b[2J ");
    expect(text).toContain(`│ ${"é".repeat(47)}… │`);
    expect(text).toContain("│ /\\xff/ ");
    expect(text).toContain("│ (nothing) ");
    expect(text).toMatch(/│ 2 other names +│ +3 │ 10\.7% │/);
    expect(text).not.toContain("/6/");
    expect(text).not.toContain("\u001b");
  });

  test("of a crawl that went on says what was done now; of one that was interrupted, of how many", () => {
    const tally = new CrawlStats(4, [heard("/a/")]);
    tally.begin();
    tally.add(failed("CLOSED"));
    vi.advanceTimersByTime(1000);
    expect(summary(tally)).toContain("2 of 4 addresses; 1 of them now, in 1.0 s, 1 a second.");
    expect(summary(new CrawlStats(4))).toBe("0 of 4 addresses in 0.0 s, 0 a second.");
  });

  test("says what to do where many answers came too late, and nothing of it where few did", () => {
    const advised = (late: number) => {
      const tally = new CrawlStats(9);
      for (let i = 0; i < 9; i++) tally.add(i < late ? failed("ANSWER_TIMEOUT") : heard("/a/"));
      return summary(tally).includes("--concurrency 200");
    };
    expect([0, 2, 3, 9].map(advised)).toEqual([false, false, true, true]);
  });
});

test("of what is equally frequent the first in the alphabet is first", () => {
  expect(mostFrequent(new Map(Object.entries({ b: 1, a: 1, c: 2 })))).toEqual([
    ["c", 2],
    ["a", 1],
    ["b", 1],
  ]);
});

test("numbers and times read well", () => {
  expect([formatCount(10_100), percent(1, 3), percent(9_999, 10_000), percent(3, 3), percent(0, 0)]).toEqual([
    "10,100",
    "33.3%",
    "99.9%",
    "100%",
    "100%",
  ]);
  const times = [0, 7240, 9960, 99_400, 100_000, 5_940_000, 6_000_000, 11_100_000];
  expect(times.map(duration)).toEqual([
    "0.0 s",
    "7.2 s",
    "10 s",
    "99 s",
    "2 min",
    "99 min",
    "1 h 40 min",
    "3 h 5 min",
  ]);
});
