import { Frontier } from "@course/lib/discovery";
import type { AddressTuple } from "@course/lib/peer";
import { expect, test } from "vitest";

const A: AddressTuple = ["192.0.2.1", 8333];
const B: AddressTuple = ["2001:db8::1", 8333];

/** Takes all addresses out of a frontier. */
function taken(frontier: Frontier): AddressTuple[] {
  const all: AddressTuple[] = [];
  for (let next = frontier.next(); next; next = frontier.next()) all.push(next);
  return all;
}

test("a frontier gives each address once, in the order in which they were added", () => {
  const frontier = new Frontier();
  expect([A, B, A].map((address) => frontier.add(address))).toEqual([true, true, false]);
  expect(taken(frontier)).toEqual([A, B]);
  frontier.finished(A);
  expect(frontier.add(A)).toBe(false);
  expect(frontier.next()).toBeUndefined();
});

test.each<[string, AddressTuple, AddressTuple]>([
  ["an IPv4-mapped address", ["::ffff:192.0.2.1", 8333], A],
  ["IPv6 with zeros and capitals", ["2001:DB8:0:0:0:0:0:1", 8333], B],
  ["a name in capitals", ["ABC.onion", 8333], ["abc.onion", 8333]],
])("a frontier knows an address again that is spelled otherwise: %s", (_, other, usual) => {
  const frontier = new Frontier();
  expect(frontier.add(other)).toBe(true);
  expect(frontier.add(usual)).toBe(false);
  expect(taken(frontier)).toEqual([usual]);
  frontier.finished(other);
  expect(frontier.isDone).toBe(true);
});

test("another port of a host is another address", () => {
  const frontier = new Frontier();
  frontier.add(A);
  expect(frontier.add([A[0], 8334])).toBe(true);
});

// bitnodes counts a crawl as finished when no address waits, and loses what those under way would have named.
test("a frontier is not done while an address waits or is under way", () => {
  const frontier = new Frontier();
  expect(frontier.isDone).toBe(true);
  frontier.add(A);
  expect(frontier.isDone).toBe(false);
  frontier.next();
  expect([frontier.isDone, frontier.waiting, frontier.underWay]).toEqual([false, 0, 1]);
  frontier.add(B);
  frontier.finished(A);
  expect(frontier.isDone).toBe(false);
  frontier.next();
  frontier.finished(B);
  expect([frontier.isDone, frontier.heardOf]).toEqual([true, 2]);
});

test("an address that is finished twice, or never was under way, makes no other one finished", () => {
  const frontier = new Frontier();
  frontier.add(A);
  frontier.add(B);
  taken(frontier);
  frontier.finished(A);
  frontier.finished(A);
  frontier.finished(["192.0.2.99", 1]);
  expect([frontier.isDone, frontier.underWay]).toEqual([false, 1]);
});

test("the called addresses of an earlier discovery are known, and do not wait", () => {
  const frontier = new Frontier([A]);
  expect(frontier.add(["::ffff:192.0.2.1", 8333])).toBe(false);
  expect([frontier.heardOf, frontier.waiting, frontier.isDone]).toEqual([1, 0, true]);
});

test("addresses come out in order however many are added in between", () => {
  const frontier = new Frontier();
  const address = (i: number): AddressTuple => ["192.0.2.1", 1 + i];
  const out: number[] = [];
  for (let i = 0; i < 4000; i++) {
    frontier.add(address(i));
    if (i % 3 > 0) out.push(frontier.next()![1]);
  }
  out.push(...taken(frontier).map(([, port]) => port));
  expect(out).toEqual(Array.from({ length: 4000 }, (_, i) => 1 + i));
});
