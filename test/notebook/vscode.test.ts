/**
 * What cells show, held against the rules of VS Code's notebooks.
 *
 * https://github.com/microsoft/vscode, `extensions/ipynb/src/deserializers.ts` (which form of an output is shown) and
 * `extensions/notebook-renderers/src/stackTraceHelper.ts` (how an error is)
 */
import { describe, expect, test } from "vitest";
import { reportDiagnostics, reportError } from "@course/lib/kernel";
import { plotBundle, tableHtml } from "@course/lib/notebook";

/** The forms of an output, the ones that VS Code prefers first. */
const ORDER = [/^application\/vnd\./, /^text\/html$/, /^image\/png$/, /^text\/plain$/];

function preferred(bundle: object): string {
  const types = Object.keys(bundle);
  return ORDER.flatMap((form) => types.filter((type) => form.test(type)))[0];
}

describe("VS Code", () => {
  test("VS Code draws a plot from plotly's own format, which has its data and its layout", () => {
    const bundle = plotBundle([{ type: "bar", x: ["a"], y: [1] }], { title: "one" });
    expect(preferred(bundle)).toBe("application/vnd.plotly.v1+json");
    expect(bundle["application/vnd.plotly.v1+json"]).toMatchObject({
      data: [expect.anything()],
      layout: expect.anything(),
    });
  });

  test("VS Code shows a table as HTML without a script: its pages run none that is not trusted", () => {
    expect(tableHtml([{ host: "127.0.0.1" }])).not.toMatch(/<script|\son\w+=/);
  });

  test("VS Code shows of an error the traceback alone: it holds the message, and nothing that looks like Python's", () => {
    const cell = { name: "cell 3" };
    const places = { placesOf: () => [{ cell, line: 2, text: "visit(address)" }] as never };
    const { evalue, traceback } = reportError(new Error("expected a, got b"), places);
    const stack = traceback.join("\n");
    expect(stack).toContain(evalue);
    expect(stack).not.toMatch(/Cell\s*In\s*\[\d+\]|Input\s+In/);
    const [start, end] = [0, 1].map((character) => ({ line: 0, character, offset: character }));
    const diagnostic = { start, end, messageText: "Cannot find name 'x'.", category: 1, code: 2304 };
    const compiled = reportDiagnostics([diagnostic], "x", []);
    expect(compiled.traceback.join("\n")).toContain(compiled.evalue);
  });
});
