/** What compareSnapshots() says of two snapshots, and how `npm run compare` shows it. */
import type { NodeDetails, Snapshot } from "@course/lib/bitnodes";
import { compareSnapshots } from "@course/lib/data";
import fc from "fast-check";
import { expect, test } from "vitest";
import { comparisonText } from "../../../scripts/compare/text";

function snapshot(nodes: Record<string, string | NodeDetails>, timestamp = 1_800_000_000): Snapshot {
  const rows = Object.entries(nodes).map(([key, node]): [string, NodeDetails] => [
    key,
    typeof node === "string" ? [70016, node, 1, 1, 1] : node,
  ]);
  return { timestamp, total_nodes: rows.length, latest_height: 1, nodes: Object.fromEntries(rows) };
}

const operatedBy = (asn: string | null): NodeDetails => [70016, "/a/", 1, 1, 1, "", "", "", 0, 0, "", asn, ""];

test("compareSnapshots() tells who stayed, came, left, moved to another port and changed version", () => {
  const before = snapshot({ "1.1.1.1:8333": "/a/", "2.2.2.2:8333": "/a/", "3.3.3.3:8333": "/a/", "x.onion:1": "/a/" });
  const after = snapshot({ "1.1.1.1:8333": "/b/", "3.3.3.3:9999": "/a/", "4.4.4.4:8333": "/a/", "x.onion:1": "/a/" });
  expect(compareSnapshots(before, after)).toEqual({
    before: 4,
    after: 4,
    stayed: ["1.1.1.1:8333", "x.onion:1"],
    came: ["4.4.4.4:8333"],
    left: ["2.2.2.2:8333"],
    moved: [{ address: "3.3.3.3:9999", from: "3.3.3.3:8333", to: "3.3.3.3:9999" }],
    changedVersion: [{ address: "1.1.1.1:8333", from: "/a/", to: "/b/" }],
    changedOperator: [],
  });
});

test("a node that moved and changed version has done both", () => {
  const { moved, changedVersion } = compareSnapshots(
    snapshot({ "1.1.1.1:1": "/a/" }),
    snapshot({ "1.1.1.1:2": "/b/" }),
  );
  expect(moved).toHaveLength(1);
  expect(changedVersion).toEqual([{ address: "1.1.1.1:2", from: "/a/", to: "/b/" }]);
});

test("a host with another port more has not moved", () => {
  const { moved, came } = compareSnapshots(
    snapshot({ "1.1.1.1:1": "/a/" }),
    snapshot({ "1.1.1.1:1": "/a/", "1.1.1.1:2": "/a/" }),
  );
  expect([moved, came]).toEqual([[], ["1.1.1.1:2"]]);
});

test("a node counts once, however a list spells its address, and a key that is no address is compared as it is", () => {
  const before = snapshot({ "[::ffff:1.1.1.1]:1": "/a/", "1.1.1.1:1": "/a/", "[2001:DB8:0::1]:1": "/a/", nonsense: "/a/" });
  const after = snapshot({ "1.1.1.1:1": "/a/", "[2001:db8::1]:1": "/a/", nonsense: "/a/" });
  expect(compareSnapshots(before, after)).toMatchObject({ before: 3, after: 3, came: [], left: [] });
});

test("another operator is a change where both snapshots name one", () => {
  const before = snapshot({ "1.1.1.1:1": operatedBy("AS1"), "2.2.2.2:1": operatedBy(null), "3.3.3.3:1": "/a/" });
  const after = snapshot({ "1.1.1.1:1": operatedBy("AS2"), "2.2.2.2:1": operatedBy("AS2"), "3.3.3.3:1": operatedBy("AS2") });
  expect(compareSnapshots(before, after).changedOperator).toEqual([
    { address: "1.1.1.1:1", from: "AS1", to: "AS2" },
  ]);
});

test("each node of either snapshot is in one place, and looking back turns came and left round", () => {
  const address = fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 3 })).map(([n, port]) => `${n}.0.0.1:${port}`);
  const nodes = fc.dictionary(address, fc.constantFrom("/a/", "/b/"));
  fc.assert(
    fc.property(nodes, nodes, (one, other) => {
      const { before, after, stayed, came, left, moved } = compareSnapshots(snapshot(one), snapshot(other));
      const back = compareSnapshots(snapshot(other), snapshot(one));
      expect(stayed.length + left.length + moved.length).toBe(before);
      expect(stayed.length + came.length + moved.length).toBe(after);
      expect([back.came.length, back.left.length]).toEqual([left.length, came.length]);
    }),
  );
});

const text = (before: Snapshot, after: Snapshot) =>
  comparisonText(
    { file: "a.json", snapshot: before },
    { file: "b\u001b.json", snapshot: after },
    compareSnapshots(before, after),
  );

test("the text has times, counts and shares, and the most frequent changes of version, safe to print", () => {
  const before = snapshot({ "1.1.1.1:1": "/a/", "2.2.2.2:1": "/a\u001b[2J/", "3.3.3.3:1": "/a/" });
  const after = snapshot({ "1.1.1.1:1": "/b/", "2.2.2.2:1": "", "4.4.4.4:1": "/a/" }, 1_800_086_400);
  const shown = text(before, after);
  expect(shown).toContain("a.json: 2027-01-15 08:00 UTC, 3 nodes");
  expect(shown).toContain("b\\x1b.json: 2027-01-16 08:00 UTC, 3 nodes");
  expect(shown).toMatch(/│ stayed +│ +2 │ 66\.7% of the earlier ones │/);
  expect(shown).toMatch(/│ came +│ +1 │ +33\.3% of the later ones │/);
  expect(shown).toMatch(/│ changed version +│ +2 │ +100% of those in both │/);
  expect(shown).toMatch(/│ \/a\/ → \/b\/ +│ +1 │ 50\.0% │/);
  expect(shown).toContain("/a\\x1b[2J/ → (nothing)");
});

test("empty snapshots have no shares, and snapshots the wrong way round are told", () => {
  expect(text(snapshot({}), snapshot({}))).toMatch(/│ stayed +│ +0 │ +│/);
  expect(text(snapshot({}, 2), snapshot({}, 1))).toContain("are they the wrong way round?");
  expect(text(snapshot({}, 1e300), snapshot({}, 1e300))).toContain("a.json: 0 nodes");
});
