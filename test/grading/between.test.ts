/** What crosses between the judge and a learner's process, with both sides in one process and JSON between them. */
import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { BadMessage, type Coded } from "../../lib/grading/between/coded";
import { Side } from "../../lib/grading/between/side";
import { ByteReader } from "../../lib/wire/bytes";
import { ProtocolError } from "../../lib/wire/errors";

const overTheWire = <T>(message: T): T => JSON.parse(JSON.stringify(message)) as T;

/** Returns two sides that talk to each other. */
function sides(): [judge: Side, learner: Side] {
  const judge: Side = new Side({
    ask: (request) => overTheWire(learner.answer(overTheWire(request))),
    notify: (notice) => learner.onNotice(overTheWire(notice)),
  });
  const learner: Side = new Side({
    ask: (request) => overTheWire(judge.answer(overTheWire(request))),
    notify: (notice) => judge.onNotice(overTheWire(notice)),
  });
  return [judge, learner];
}

/** Returns what the judge gets for an answer of the learner's. */
function theirs<T>(answer: T): T {
  const [judge, learner] = sides();
  return judge.standIn(overTheWire(learner.encode(answer))) as T;
}

class Mine {
  name = "mine";
  get double(): string {
    return this.name + this.name;
  }
  greet(): string {
    return `I am ${this.name}`;
  }
}

const shared = { in: "two places" };
const view = Uint8Array.from([1, 2, 3, 4, 5]).subarray(1, 3);

describe("values look the same on the other side", () => {
  test.each<[string, unknown]>([
    ["numbers that JSON lacks", [NaN, -0, Infinity, -Infinity, 1.5]],
    ["nulls and the undefined", [undefined, null, ""]],
    ["bigints and symbols' kin", [0n, -(2n ** 200n)]],
    ["lists with holes", [1, , 3]],
    ["maps and sets", [new Map([[{ a: 1 }, new Set([1, "1"])]])]],
    ["dates and expressions", [new Date(5), new Date(NaN), /a\/b/giu]],
    [
      "bytes",
      [Buffer.from("abc"), Uint16Array.of(1, 65535), new ArrayBuffer(3), new DataView(new ArrayBuffer(2))],
    ],
    ["views", view],
    ["objects without a prototype", Object.assign(Object.create(null) as object, { a: 1 })],
    ["keys that are not what they seem", JSON.parse('{ "__proto__": { "a": 1 }, "constructor": 2 }')],
    ["objects in two places", [shared, shared]],
    ["objects of the library", new ByteReader(view)],
    ["objects of a class of one's own", new Mine()],
    ["texts that are no text", "\ud800"],
  ])("%s look the same on the other side", (_what, value) => {
    expect(inspect(theirs(value), { depth: 9 })).toBe(inspect(value, { depth: 9 }));
  });

  test("an object that holds itself does so on the other side", () => {
    const knot: unknown[] = [];
    knot.push(knot, { knot });
    const got = theirs(knot);
    expect(got[0]).toBe(got);
    expect((got[1] as { knot: unknown }).knot).toBe(got);
  });

  test("a view brings what is around it to the other side", () => {
    expect([...new Uint8Array(theirs(view).buffer)]).toEqual([1, 2, 3, 4, 5]);
  });

  test("errors keep their class, code, cause and stack on the other side", () => {
    const error = Object.assign(new ProtocolError("BAD_MAGIC", "no"), { cause: new TypeError("why") });
    const got = theirs(error);
    expect(got).toBeInstanceOf(ProtocolError);
    expect([got.code, got.message, got.name, got.stack]).toEqual([error.code, "no", error.name, error.stack]);
    expect((got as Error).cause).toBeInstanceOf(TypeError);
  });

  test("an object of a class of one's own has its methods and getters on the other side, which are not listed", () => {
    const got = theirs(new Mine());
    expect([got.greet(), got.double, Object.keys(got)]).toEqual(["I am mine", "minemine", ["name"]]);
  });

  test("of a Proxy nothing crosses but that it is one", () => {
    const trap = new Proxy({}, { get: () => expect.unreachable("it was looked at") });
    expect(inspect(theirs(trap), { showProxy: true })).toContain("Proxy");
  });

  test.each([
    ["a list without end", Array.from({ length: 600_000 }, () => ({}))],
    ["a deep one", Array.from({ length: 500 }).reduce((inner) => [inner], 0)],
    ["a long text", "x".repeat(40_000_000)],
  ])("what is too large does not cross: %s", (_what, value) => {
    expect(() => theirs(value)).toThrow(/more than|nested deeper|places/);
  });
});

describe("things that stay where they are", () => {
  test("functions are called in the learner's process, and callbacks in the judge's", () => {
    const apply = theirs((fn: (n: number) => number, n: number) => fn(n) + 1);
    expect(apply((n) => n * 10, 4)).toBe(41);
  });

  test("an object that comes back from the other side is the one that went over", () => {
    const same = theirs((thing: unknown) => thing);
    const [fn, error] = [() => {}, new Error("mine")];
    expect(same(fn)).toBe(fn);
    expect(same(error)).toBe(error);
  });

  test("promises settle later on the other side too, and the same promise is the same", async () => {
    const promise = Promise.resolve(7);
    const get = theirs(() => promise);
    expect(get()).toBe(get());
    expect(await get()).toBe(7);
    await expect(theirs(() => Promise.reject(new RangeError("no")))()).rejects.toThrow(RangeError);
  });

  test("iterables are asked over the pipe for one item at a time, and told when the loop is left", () => {
    const seen: string[] = [];
    function* letters() {
      try {
        for (const letter of "abc") {
          seen.push(letter);
          yield letter;
        }
      } finally {
        seen.push("left");
      }
    }
    const take = theirs((items: Iterable<string>) => {
      for (const item of items) return item;
    });
    expect(take(letters())).toBe("a");
    expect(seen).toEqual(["a", "left"]);
  });

  test("async generators and signals reach across the pipe", async () => {
    const count = theirs(async function* (signal: AbortSignal) {
      for (let i = 0; !signal.aborted; i++) yield i;
    });
    const controller = new AbortController();
    const got: number[] = [];
    for await (const i of count(controller.signal)) {
      got.push(i);
      if (i === 2) controller.abort();
    }
    expect(got).toEqual([0, 1, 2]);
  });

  test("classes are constructed in the learner's process, with methods and properties of their instances", () => {
    const Counter = theirs(
      class {
        count = 0;
        add(n: number) {
          return (this.count += n);
        }
      },
    );
    const counter = new Counter();
    expect([counter.add(2), counter.add(3), counter.count]).toEqual([2, 5, 5]);
  });
});

describe("what an answer changes in its arguments", () => {
  test("what an answer changes in its arguments comes back: bytes, readers, lists, objects, maps", () => {
    const change = theirs(
      (
        bytes: Uint8Array,
        reader: ByteReader,
        list: number[],
        inner: { a: { b?: number; c?: number } },
        map: Map<string, number>,
      ) => {
        bytes[0] = 9;
        reader.readUInt8();
        list.sort();
        delete inner.a.b;
        inner.a.c = 1;
        map.set("new", 1);
      },
    );
    const [bytes, reader, list, a, map] = [
      Uint8Array.of(1, 2),
      new ByteReader(view),
      [3, 1],
      { b: 1 },
      new Map<string, number>(),
    ];
    const inner = { a };
    change(bytes, reader, list, inner, map);
    expect([bytes[0], reader.offset, list, inner.a, [...map]]).toEqual([
      9,
      1,
      [1, 3],
      { c: 1 },
      [["new", 1]],
    ]);
    expect(inner.a).toBe(a);
  });

  test("what an answer changes comes back by identity: a list that is sorted in place holds the objects that it held", () => {
    const sort = theirs((list: { n: number }[]) => void list.sort((x, y) => x.n - y.n));
    const list = [{ n: 2 }, { n: 1 }];
    const before = [...list];
    sort(list);
    expect(list).toEqual([{ n: 1 }, { n: 2 }]);
    expect(before[0]).toBe(list[1]);
    expect(before).toEqual([{ n: 2 }, { n: 1 }]);
  });

  test("what an answer changes in its arguments comes back when a promise is settled, too", async () => {
    const later = theirs(async (list: number[]) => {
      await Promise.resolve();
      list.push(1);
    });
    const list: number[] = [];
    await later(list);
    expect(list).toEqual([1]);
  });

  test("what an answer changes in its arguments is undone in the end, so that the next answer gets what this one got", () => {
    const [judge, learner] = sides();
    const spoil = judge.standIn(overTheWire(learner.encode((list: { n: number }[]) => list.splice(0)))) as (
      list: object[],
    ) => void;
    const list = [{ n: 1 }, { n: 2 }];
    const [first] = list;
    spoil(list);
    expect(list).toEqual([]);
    judge.restoreArguments();
    expect(list).toEqual([{ n: 1 }, { n: 2 }]);
    expect(list[0]).toBe(first);
  });
});

test.each<[string, unknown]>([
  ["no tag", {}],
  ["an unknown tag", { t: "verdict" }],
  ["a list that is none", { t: "array", v: 7 }],
  ["a number that nothing has", { t: "back", id: 99 }],
  ["a negative number", { t: "function", id: -1, name: "", isClass: false }],
  ["a view that leaves its buffer", { t: "bytes", c: "Uint8Array", v: "AAAA", offset: 2, length: 99 }],
  ["a reference to what comes later", { t: "seen", i: 5 }],
  ["a class that is not shared", { t: "object", c: { shared: "Mine" }, v: [] }],
  ["a bigint of letters", { t: "bigint", v: "abc" }],
  ["a change of nothing", { t: "was", i: 0, now: 1 }],
])("a message that neither side writes is refused: %s", (_what, coded) => {
  const [judge] = sides();
  expect(() => judge.standIn(coded as Coded)).toThrow(BadMessage);
});
