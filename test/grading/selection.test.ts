import type { Exercise } from "@course/lib/checks";
import { select } from "@course/lib/grading";
import { UsageError } from "@course/lib/util";
import { expect, test } from "vitest";

const ALL = [
  { id: "greeting", notebook: "00-welcome" },
  { id: "getNodes", notebook: "03-bitnodes-api" },
  { id: "nodesToAddressStrings", notebook: "03-bitnodes-api" },
] as Exercise[];

test.each([
  [[], ["greeting", "getNodes", "nodesToAddressStrings"]],
  [["getNodes"], ["getNodes"]],
  [["03-bitnodes-api"], ["getNodes", "nodesToAddressStrings"]],
  [["03"], ["getNodes", "nodesToAddressStrings"]],
  [["notebooks/03-bitnodes-api.ipynb"], ["getNodes", "nodesToAddressStrings"]],
  [["notebooks\\03-bitnodes-api.ipynb"], ["getNodes", "nodesToAddressStrings"]],
  [
    ["getNodes", "greeting", "getNodes"],
    ["greeting", "getNodes"],
  ],
])("select(%j) returns the exercises %j, in course order", (names, ids) => {
  expect(select(ALL, names).map(({ id }) => id)).toEqual(ids);
});

test.each([
  ["getnodes", /"getnodes": did you mean getNodes\?/],
  ["03-bitnode-api", /did you mean 03-bitnodes-api\?/],
  [
    "",
    /^there is no exercise or notebook "": The notebooks are 00-welcome, 03-bitnodes-api; the exercises are/,
  ],
  ["nothing like it", /"nothing like it": The notebooks are/],
])("select(%j) throws a UsageError that says which names there are", (name, message) => {
  expect(() => select(ALL, [name])).toThrow(UsageError);
  expect(() => select(ALL, [name])).toThrow(message);
});
