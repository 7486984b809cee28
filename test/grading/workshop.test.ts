import fs from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { COMPILED } from "@course/lib/grading";
import { chooseWalls } from "@course/lib/grading/walls";
import { gradeCases, lesson } from "./notebooks";

const { isWeak } = await chooseWalls();

/** Returns how many notebooks with this text are kept as they were compiled. */
function keptWith(text: string): number {
  const file = path.join(COMPILED, "notebooks.jsonl");
  const lines = fs.existsSync(file) ? fs.readFileSync(file, "utf8").split("\n") : [];
  return lines.filter((line) => line.includes(text)).length;
}

test("a notebook is compiled once, and again when it has changed; behind weak walls none is kept", async () => {
  const mark = `${process.pid} ${Date.now()}`;
  const statusOf = async (body: string) => {
    const greeting = `// ${mark}\nfunction greeting(userAgent: string): string {\n  ${body}\n}`;
    const cells = lesson("00-welcome", { greeting });
    const { notebook } = await gradeCases({ notebook: { cells, ids: ["greeting"] } });
    return notebook.byId.greeting.status;
  };
  const right = 'return `Hello, ${userAgent.replace(/^\\/|\\/$/g, "") || "stranger"}!`;';
  const statuses = [await statusOf(right), await statusOf(right)];
  expect(keptWith(mark)).toBe(isWeak ? 0 : 1);
  statuses.push(await statusOf('return "Hello!";'));
  expect(keptWith(mark)).toBe(isWeak ? 0 : 2);
  expect(statuses).toEqual(["solved", "solved", "failed"]);
});
