import { describe, expect, test } from "vitest";
import { PeerError } from "@course/lib/peer";
import { errorText } from "@course/lib/notebook";

/** An error with a stack such as a cell's code gives it. */
function thrown(error: Error, ...frames: string[]): Error {
  error.stack = [`${error.name}: ${error.message}`, ...frames.map((frame) => `    at ${frame}`)].join("\n");
  return error;
}

describe("what a failing cell shows of an error", () => {
  test("a cell shows an error's message and the cell's own functions, not the kernel's", () => {
    const error = thrown(
      new TypeError("no"),
      "inner (evalmachine.<anonymous>:3:9)",
      "async exports.outer (evalmachine.<anonymous>:9:1)",
      "evalmachine.<anonymous>:12:3",
      "Script.runInThisContext (node:vm:135:14)",
      "execute (/somewhere/node_modules/tslab/dist/executor.js:160:38)",
    );
    expect(errorText(error)).toBe("TypeError: no\n    in inner\n    in outer");
  });

  test("a cell does not show the line of compiled code that V8 puts before a message", () => {
    const error = thrown(new Error("boom"), "g (evalmachine.<anonymous>:3:9)");
    error.stack = `evalmachine.<anonymous>:6\nexports.x = 1;\n   ^\n\n${error.stack}`;
    expect(errorText(error)).toBe("Error: boom\n    in g");
  });

  test("a cell shows an error's code", () => {
    const error = thrown(new PeerError("REFUSED", "no node listens"), "y (node:net:1:1)");
    expect(errorText(error)).toBe("PeerError: no node listens { code: 'REFUSED' }");
  });

  test("a cell shows an error's cause, unless the message contains it", () => {
    const cause = thrown(new Error("connect ECONNREFUSED"), "x (node:net:1:1)");
    const said = thrown(new Error("no answer (connect ECONNREFUSED)", { cause }), "y (node:net:1:1)");
    const unsaid = thrown(new TypeError("fetch failed", { cause }), "y (node:net:1:1)");
    expect(errorText(said)).toBe("Error: no answer (connect ECONNREFUSED)");
    expect(errorText(unsaid)).toBe("TypeError: fetch failed\nbecause of Error: connect ECONNREFUSED");
  });

  test("a cell shows only that it was interrupted", () => {
    const error = thrown(new Error("Interrupted asynchronously"), "createExecutor (executor.js:87:23)");
    expect(errorText(error)).toBe("Stopped: the cell was interrupted.");
  });
});
