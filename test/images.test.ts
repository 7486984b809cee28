/** The course's pictures: each can be read without being seen, stands alone, and is shown with its words. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { root } from "../scripts/setup/paths";

const images = path.join(root, "images");
const drawings = readdirSync(images).filter((name) => name.endsWith(".svg"));
const pages = ["README.md", "CONTRIBUTING.md", ...notebooksIn("notebooks"), ...notebooksIn("solutions")];

function notebooksIn(folder: string): string[] {
  const names = readdirSync(path.join(root, folder));
  return names.filter((name) => name.endsWith(".ipynb")).map((name) => `${folder}/${name}`);
}

/** What `page` says in Markdown. */
function markdownOf(page: string): string {
  const text = readFileSync(path.join(root, page), "utf8");
  if (!page.endsWith(".ipynb")) return text;
  const { cells } = JSON.parse(text) as { cells: { cell_type: string; source: string | string[] }[] };
  const markdown = cells.filter((cell) => cell.cell_type === "markdown");
  return markdown.map(({ source }) => (typeof source === "string" ? source : source.join(""))).join("\n\n");
}

/** The pictures of `page` that are files of ours: where they are, from the project's folder, and their words. */
function picturesOf(page: string): { file: string; alt: string }[] {
  const found = [...markdownOf(page).matchAll(/!\[([^\]]*)\]\(([^)\s]+)[^)]*\)/g)];
  return found
    .filter(([, , address]) => !/^[a-z]+:/i.test(address))
    .map(([, alt, address]) => ({ file: path.join(path.dirname(page), address), alt }));
}

test("there are pictures, and pages that show them", () => {
  expect(drawings.length).toBeGreaterThanOrEqual(9);
  expect(pages.flatMap(picturesOf).length).toBeGreaterThanOrEqual(5);
});

describe.each(drawings)("images/%s", (name) => {
  const svg = readFileSync(path.join(images, name), "utf8");

  test(`images/${name} says of itself that it is a picture, what it is called and what it shows`, () => {
    const [opening] = /<svg [^>]*>/.exec(svg) ?? [""];
    expect(opening).toContain('role="img" aria-labelledby="title desc"');
    const [, title, desc] =
      /<title id="title">([^<]+)<\/title>\s*<desc id="desc">([^<]+)<\/desc>/.exec(svg) ?? [];
    expect(title?.length).toBeGreaterThan(10);
    expect(desc?.length).toBeGreaterThan(title.length);
  });

  test(`images/${name} has one size for all pages: 760 wide, which a notebook shows as it is`, () => {
    const [, height] = /viewBox="0 0 760 (\d+)" width="760" height="\1"/.exec(svg) ?? [];
    expect(Number(height)).toBeGreaterThan(0);
  });

  test(`images/${name} brings its own background, so that the page may be light or dark`, () => {
    expect(svg).toContain('<rect class="card" x="1" y="1" width="758"');
  });

  test(`images/${name} asks for nothing from elsewhere and runs nothing`, () => {
    const addresses = [...svg.matchAll(/(?:href|src)="([^"]*)"|url\(([^)]*)\)/g)].map(([, a, b]) => a ?? b);
    expect(addresses.filter((address) => !address.startsWith("#"))).toEqual([]);
    expect(svg).not.toMatch(/<script|<foreignObject|<image|@import|\son\w+=/i);
  });

  test(`images/${name} has no letters below 13 px`, () => {
    const sizes = [...svg.matchAll(/font-size:\s*([\d.]+)px|font-size="([\d.]+)/g)].map(([, a, b]) =>
      Number(a ?? b),
    );
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(13);
  });
});

describe.each(pages)("pictures of %s", (page) => {
  test(`the pictures of ${page} are there, each with words for those who do not see it`, () => {
    const pictures = picturesOf(page);
    expect(pictures.filter(({ file }) => !existsSync(path.join(root, file)))).toEqual([]);
    expect(pictures.filter(({ alt }) => alt.trim().length < 20)).toEqual([]);
  });
});
