import { describe, expect, test } from "vitest";
import { cellText, tableHtml, tableText } from "@course/lib/notebook";

const ROWS = [
  { release: "27.1", nodes: 3210 },
  { release: "<b>", nodes: 12, note: "rude" },
];

describe("a table", () => {
  const html = tableHtml(ROWS, { title: "A & B" });

  test("a table has a column for each name that a row has, and aligns numbers to the right", () => {
    const heads = [...html.matchAll(/<th class="\w+" style="text-align:(\w+)">(\w+)<\/th>/g)];
    expect(heads.map(([, side, name]) => [name, side])).toEqual([
      ["release", "left"],
      ["nodes", "right"],
      ["note", "left"],
    ]);
  });

  test("a table escapes the text of its rows and its title", () => {
    expect(html).toContain('<td class="text" style="text-align:left">&lt;b&gt;</td>');
    expect(html).toContain("<caption>A &amp; B</caption>");
    expect(html).not.toContain("<b>");
  });

  test("a table shows its first rows, and says how many there are", () => {
    const rows = Array.from({ length: 1234 }, (_, i) => ({ i }));
    expect(tableHtml(rows).match(/<tr>/g)).toHaveLength(21);
    expect(tableHtml(rows)).toContain("The first 20 of 1,234 rows.");
    expect(tableText(rows, { most: 3 })).toContain("The first 3 of 1,234 rows.");
    expect(tableHtml(ROWS)).not.toContain("The first");
  });

  test("a table keeps the spaces of code even where its CSS is removed", () => {
    const html = tableHtml([{ line: 1, code: "  if (a < b) {" }], { code: ["code"] });
    expect(html).toMatch(
      /<td class="text" style="text-align:left"><pre [^>]*>  if \(a &lt; b\) \{<\/pre><\/td>/,
    );
  });

  test("tableText() draws a table with its title", () => {
    const lines = tableText(ROWS, { title: "Releases" }).split("\n");
    expect(lines[0]).toBe("Releases");
    expect(lines).toContain("│ 27.1    │ 3,210 │      │");
  });

  test("a table without rows says that there are none", () => {
    expect(tableText([])).toBe("There are no rows.");
    expect(tableHtml([])).toContain("There are no rows.");
  });
});

test.each([
  [1234567, "1,234,567"],
  [12.34567, "12.346"],
  [0.000123456, "0.000123"],
  [0, "0"],
  [2n ** 60n, "1,152,921,504,606,846,976"],
  [null, ""],
  [undefined, ""],
  [true, "true"],
  [new Date(0), "1970-01-01T00:00:00.000Z"],
  [["127.0.0.1", 8333], '["127.0.0.1",8333]'],
  [{ services: 1n }, '{"services":"1"}'],
])("a table's cell shows %o as %s", (value, text) => {
  expect(cellText(value)).toBe(text);
});
