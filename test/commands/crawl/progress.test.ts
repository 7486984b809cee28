import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { statusLine } from "../../../scripts/crawl/progress";
import { summary } from "../../../scripts/crawl/summary";
import { mostFrequent } from "../../../scripts/cli/table";
import { CrawlStats } from "../../../scripts/crawl/stats";
import { duration, percent } from "../../../scripts/cli/format";
import type { PeerErrorCode } from "@course/lib/peer";
import { formatCount } from "@course/lib/util";
import { failed, answered } from "./made-up";

beforeEach(() => void vi.useFakeTimers({ toFake: ["performance"] }));
afterEach(() => void vi.useRealTimers());

describe("statusLine()", () => {
  test("the line of progress shows answers, failures by code, the rate and the time left", () => {
    const stats = new CrawlStats(20);
    stats.begin();
    ["/a/", "/b/"].forEach((agent) => stats.add(answered(agent)));
    (["REFUSED", "REFUSED", "CLOSED"] as const).forEach((code) => stats.add(failed(code)));
    vi.advanceTimersByTime(2000);
    expect(statusLine(stats)).toBe("25.0% | 2 received | 3 failed | 3/s | 6.0 s left | 2 REFUSED, 1 CLOSED");
  });

  test("the rate and the time left do not count the visits of an earlier crawl", () => {
    const stats = new CrawlStats(20, [answered("/a/"), failed("REFUSED")]);
    stats.begin();
    vi.advanceTimersByTime(1000);
    expect(statusLine(stats)).toBe(
      "10.0% | 1 received | 1 failed | 0/s | time left not known yet | 1 REFUSED",
    );
    stats.add(answered("/b/"));
    expect(statusLine(stats)).toBe("15.0% | 2 received | 1 failed | 1/s | 17 s left | 1 REFUSED");
  });

  // Issue 11: a code in a file of visits is text of anybody, and reached the terminal as it was.
  test("error codes of a resumed file are safe to print, in the line of progress and in the summary", () => {
    const stats = new CrawlStats(2, [failed("\u001b[2J\u202e" as PeerErrorCode)]);
    expect(statusLine(stats)).toContain("1 \\x1b[2J\\u{202e}");
    expect(summary(stats)).toContain("\\x1b[2J\\u{202e}");
    expect(statusLine(stats) + summary(stats)).not.toMatch(/\u001b\[2J|\u202e/);
  });

  test("the line of progress says done when no address is left, or when there was none", () => {
    const stats = new CrawlStats(1);
    stats.begin();
    stats.add(answered("/a/"));
    vi.advanceTimersByTime(500);
    expect(statusLine(stats)).toBe("100% | 1 received | 0 failed | 2/s | done");
    expect(statusLine(new CrawlStats(0))).toBe("100% | 0 received | 0 failed | 0/s | done");
  });
});

describe("summary()", () => {
  test("the summary says how many of the version messages came encrypted, if any did", () => {
    const stats = new CrawlStats(3);
    stats.add({ ...answered("/a/"), transport: "v1" });
    expect(summary(stats)).not.toContain("encrypted");
    stats.add({ ...answered("/a/"), transport: "v2" });
    stats.add({ ...failed("CLOSED"), transport: "v2" });
    expect(summary(stats)).toMatch(/of these encrypted \(v2\) +│ +1 │ 33\.3%/);
  });

  test("the summary shows outcomes and user agents by frequency, with their shares, and the time", () => {
    const stats = new CrawlStats(8);
    stats.begin();
    ["/b/", "/a/", "/b/", "/a/", "/c/"].forEach((agent) => stats.add(answered(agent)));
    (["CLOSED", "REFUSED", "REFUSED"] as const).forEach((code) => stats.add(failed(code)));
    vi.advanceTimersByTime(4000);
    stats.end();
    vi.advanceTimersByTime(4000);
    expect(summary(stats).split("\n")).toEqual([
      "┌───────────────────┬───────────┬───────┐",
      "│ outcome           │ addresses │ share │",
      "│ a version message │         5 │ 62.5% │",
      "│ REFUSED           │         2 │ 25.0% │",
      "│ CLOSED            │         1 │ 12.5% │",
      "└───────────────────┴───────────┴───────┘",
      "┌────────────┬───────┬───────┐",
      "│ user agent │ nodes │ share │",
      "│ /a/        │     2 │ 40.0% │",
      "│ /b/        │     2 │ 40.0% │",
      "│ /c/        │     1 │ 20.0% │",
      "└────────────┴───────┴───────┘",
      "8 addresses in 4.0 s, 2 per second.",
    ]);
  });

  test("the summary shows five user agents, cuts long ones, and escapes control characters", () => {
    const names = ["\u001b[2J", "é".repeat(60), "/\udcff/", "", "/5/", "/6/", "/7/"];
    const stats = new CrawlStats(28);
    names.forEach((name, i) => {
      for (let n = names.length; n > i; n--) stats.add(answered(name));
    });
    const text = summary(stats);
    expect(text).toContain("│ \\x1b[2J ");
    expect(text).toContain(`│ ${"é".repeat(47)}… │`);
    expect(text).toContain("│ /\\xff/ ");
    expect(text).toContain("│ (nothing) ");
    expect(text).toMatch(/│ 2 other names +│ +3 │ 10\.7% │/);
    expect(text).not.toContain("/6/");
    expect(text).not.toContain("\u001b");
  });

  test("the summary of a resumed crawl says how many visits are new; of an interrupted one, how many are done", () => {
    const stats = new CrawlStats(4, [answered("/a/")]);
    stats.begin();
    stats.add(failed("CLOSED"));
    vi.advanceTimersByTime(1000);
    expect(summary(stats)).toContain("2 of 4 addresses; 1 of them now, in 1.0 s, 1 per second.");
    expect(summary(new CrawlStats(4))).toBe("0 of 4 addresses in 0.0 s, 0 per second.");
  });

  test("the summary gives advice if at least a third of the answers came too late", () => {
    const advised = (late: number) => {
      const stats = new CrawlStats(9);
      for (let i = 0; i < 9; i++) stats.add(i < late ? failed("ANSWER_TIMEOUT") : answered("/a/"));
      return summary(stats).includes("--concurrency 200");
    };
    expect([0, 2, 3, 9].map(advised)).toEqual([false, false, true, true]);
  });
});

test("mostFrequent() orders by count, and equal counts by name", () => {
  expect(mostFrequent(new Map(Object.entries({ b: 1, a: 1, c: 2 })))).toEqual([
    ["c", 2],
    ["a", 1],
    ["b", 1],
  ]);
});

test("counts, shares and durations are formatted for people", () => {
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
