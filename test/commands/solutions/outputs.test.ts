import os from "node:os";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { root } from "../../../scripts/setup/paths";
import { keptOutputs, machinePath } from "../../../scripts/solutions/outputs";

const stream = (name: string, ...text: string[]) => ({ output_type: "stream", name, text });
const PICTURE = { output_type: "display_data", data: { "text/plain": "1" }, metadata: {} };

describe("the outputs that are kept", () => {
  test("outputs that are kept have one stream of a name, line by line, where its first piece stood", () => {
    const outputs = [stream("stdout", "a\n", "b"), PICTURE, stream("stderr", "e"), stream("stdout", "c\n")];
    expect(keptOutputs({ cell_type: "code", source: "", outputs })).toEqual([
      stream("stdout", "a\n", "bc\n"),
      PICTURE,
      stream("stderr", "e"),
    ]);
  });

  test("outputs that are kept are copies: the run keeps its own", () => {
    const outputs = [stream("stdout", "a"), stream("stdout", "b")];
    keptOutputs({ cell_type: "code", source: "", outputs });
    expect(outputs).toEqual([stream("stdout", "a"), stream("stdout", "b")]);
  });
});

test.each([
  [path.join(root, "lib", "x.ts"), root],
  [path.join(os.homedir(), "secret"), os.homedir()],
  ["127.0.0.1:8333", undefined],
])("a path of this machine is found in %s", (text, found) => {
  expect(machinePath([stream("stdout", `at ${text}`)])).toBe(found);
});
