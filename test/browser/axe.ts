/** What axe-core finds on a page that shuts people out (https://www.deque.com/axe/core-documentation/). */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";

const SCRIPT = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

interface Violation {
  id: string;
  impact: string;
  nodes: { html: string; failureSummary: string }[];
}

/**
 * Returns a line for each kind of serious or critical problem on a page, or in those of its elements that match
 * `parts`: the rule, and the first element that breaks it.
 */
export async function seriousProblems(page: Page, parts?: string): Promise<string[]> {
  await page.evaluate(SCRIPT);
  const context = parts === undefined ? "document" : JSON.stringify({ include: [[parts]] });
  const run = `axe.run(${context}, { resultTypes: ["violations"] }).then(({ violations }) => violations)`;
  const violations = await page.evaluate<Violation[]>(run);
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes: [first] }) => `${id}: ${first.html.slice(0, 200)}: ${first.failureSummary}`);
}
