import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { escapeHtml, plotHtml } from "@course/lib/notebook";

/** Runs the script of a plot in a page that has plotly, and resolves to the figure that plotly receives. */
async function drawnBy(html: string): Promise<unknown> {
  const script = html.slice(html.indexOf("<script>") + 8, html.lastIndexOf("</script>"));
  return new Promise((resolve, reject) => {
    const place = { replaceChildren: () => {}, querySelectorAll: () => [], offsetWidth: 800 };
    const box = { firstElementChild: place, querySelector: () => null };
    const page = {
      document: {
        body: { dataset: {} },
        currentScript: { previousElementSibling: box },
        getElementById: () => null,
        createElement: () => ({ getContext: () => null }),
      },
      location: { pathname: "/exported.html" },
      window: {
        Plotly: { newPlot: (_: unknown, data: object[], layout: object) => resolve({ data, layout }) },
      },
      ResizeObserver: class {
        observe(): void {}
      },
      ...{ atob, Blob, DecompressionStream, performance, Response },
    };
    Promise.resolve(runInNewContext(script, page)).catch(reject);
  });
}

const SHORT = { data: [{ type: "bar", x: ["</script><b>"], y: [1] }], layout: { title: { text: "<!--" } } };
const LONG = { data: [{ type: "bar", x: Array.from({ length: 10_000 }, (_, i) => i % 97) }], layout: {} };

test("a short figure is in the page as it is, and cannot end its script", async () => {
  const html = plotHtml(SHORT, "short", 400);
  expect(html.match(/<\/script>/g)).toHaveLength(1);
  expect(html).not.toContain("<!--");
  expect(JSON.parse(JSON.stringify(await drawnBy(html)))).toEqual(SHORT);
});

test("a long figure is compressed, and the page unpacks it", async () => {
  const html = plotHtml(LONG, "long", 400);
  expect(html.length).toBeLessThan(JSON.stringify(LONG).length / 2);
  expect(JSON.parse(JSON.stringify(await drawnBy(html)))).toEqual(LONG);
});

test("points for WebGL are drawn without it if the browser has none", async () => {
  const figure = { data: [{ type: "scattergl", x: [1] }], layout: {} };
  expect(await drawnBy(plotHtml(figure, "points", 400))).toMatchObject({ data: [{ type: "scatter" }] });
});

test("what a plot shows is its label for a screen reader, and its caption", () => {
  const html = plotHtml(SHORT, 'Plot "a" & b', 400);
  expect(html).toContain('role="group" aria-label="Plot &quot;a&quot; &amp; b"');
  expect(html).toContain("<figcaption>Plot &quot;a&quot; &amp; b</figcaption>");
});

test("escapeHtml() escapes text for elements and attributes", () => {
  expect(escapeHtml(`<a href="x" id='y'>&`)).toBe("&lt;a href=&quot;x&quot; id=&#39;y&#39;&gt;&amp;");
});
