/** Lesson eleven: what its text says of every run holds. */
import { populate } from "@course/lib/practice";
import { Transport } from "@course/lib/transport";
import { OUR_VERSION, serviceNames } from "@course/lib/wire";
import { expect, test } from "vitest";

test("most peers of the network that lesson eleven joins speak v2, and some have a bit that lies", () => {
  const { peers } = populate(1, 400, { population: "2026" });
  const saying = peers.filter(({ versionInfo }) =>
    serviceNames(BigInt(versionInfo.services)).includes("P2P_V2"),
  );
  expect(saying.length).toBeGreaterThan(300);
  expect(peers.some(({ behaviour }) => behaviour === "v2-bit-lies")).toBe(true);
  const polite = saying.filter(({ behaviour }) => behaviour.startsWith("polite"));
  expect(polite.length).toBeGreaterThan(240);
});

test("our first turn in v2 has another length each time, and our second always 16 + 20 + 139 bytes", () => {
  const turns = Array.from({ length: 10 }, () => {
    const [caller, peer] = [new Transport("initiator"), new Transport("responder")];
    caller.send("version", OUR_VERSION.subarray(24));
    const first = caller.takeOutput();
    peer.add(first);
    peer.next();
    caller.add(peer.takeOutput());
    caller.next();
    return [first.length, caller.takeOutput().length];
  });
  expect(new Set(turns.map(([first]) => first)).size).toBeGreaterThan(5);
  expect(turns.map(([, second]) => second)).toEqual(Array(10).fill(16 + 20 + 139));
});
