/**
 * The line profile: which line gets which time, and that a profiled function does what it did.
 *
 * Functions of cells, with their types and comments, are in test/kernel/profile-lines.test.ts.
 */
import { describe, expect, test } from "vitest";
import { startPeer } from "@course/lib/checks";
import {
  functionSource,
  lineProfile,
  type LineProfile,
  profileLines,
  profileRows,
} from "@course/lib/notebook";
import { getVersionMessage } from "@course/lib/peer";

/** A clock that stands still but for `wait`, whose promise is settled in a later turn, and `work`. */
class Clock {
  time = 0;
  readonly now = (): number => this.time;
  readonly work = (ms: number): number => (this.time += ms);
  readonly wait = async (ms: number): Promise<number> => {
    await new Promise((resolve) => setImmediate(resolve));
    return this.work(ms);
  };
}

/** The function `f` that a text declares, from its first line on. */
function functionIn(text: string): (...args: unknown[]) => unknown {
  return new Function(`${text}\nreturn f;`)() as (...args: unknown[]) => unknown;
}

/** The profile of the function `f` of a text, called with a clock and with `more`. */
async function profileOf(text: string, ...more: unknown[]): Promise<LineProfile> {
  const clock = new Clock();
  return lineProfile(functionSource(functionIn(text)), [clock, ...more], clock.now);
}

/** `[hits, ms]` of the lines that were reached, by number. */
function reached({ lines }: LineProfile): Record<number, [hits: number, ms: number]> {
  const all = lines.filter(({ hits, ms }) => hits > 0 || ms > 0);
  return Object.fromEntries(all.map(({ line, hits, ms }) => [line, [hits, ms]]));
}

describe("the time of a line", () => {
  test("a line's time is from the start of its statement to the start of the next, work and waiting alike", async () => {
    const profile = await profileOf(`async function f({ wait, work }) {
  work(3);
  await wait(20);

  return "done";
}`);
    expect(reached(profile)).toEqual({ 2: [1, 3], 3: [1, 20], 5: [1, 0] });
    expect(profile).toMatchObject({ name: "f", totalMs: 23, value: "done" });
    expect(profile.lines.map(({ line }) => line)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(profile.lines[2]).toMatchObject({ code: "  await wait(20);", share: 20 / 23 });
  });

  test("awaits within awaits, over several lines, are one time: that of the statement's first line", async () => {
    const profile = await profileOf(`async function f({ wait, work }) {
  const sum = (await wait(await wait(5))) +
    (await wait(1));
  return sum;
}`);
    expect(reached(profile)).toEqual({ 2: [1, 11], 4: [1, 0] });
  });

  test("a for await line has the time that the loop waits for each item, and for the end", async () => {
    const profile = await profileOf(
      `async function f({ wait, work }, items) {
  for await (const item of items(wait)) {
    if (item === 2) continue;
    work(item);
  }
}`,
      async function* (wait: Clock["wait"]) {
        for (const item of [1, 2, 3]) {
          await wait(10);
          yield item;
        }
        await wait(100);
      },
    );
    expect(reached(profile)).toEqual({ 2: [4, 130], 3: [3, 0], 4: [2, 4] });
  });

  test("a loop that is left early has the time that its iterator needs to close", async () => {
    const profile = await profileOf(
      `async function f({ wait, work }, items) {
  for await (const item of items(wait)) return work(item);
}`,
      async function* (wait: Clock["wait"]) {
        try {
          yield 1;
        } finally {
          await wait(50);
        }
      },
    );
    expect(reached(profile)).toEqual({ 2: [1, 51] }); // the return stands on the loop's line
    expect(profile.value).toBe(1);
  });

  test("for, while and do have a hit for each time that their condition is evaluated", async () => {
    const profile = await profileOf(`async function f({ wait, work }) {
  for (let i = 0; i < 2; i++) {
    work(1);
  }
  let n = 0;
  while ((await wait(10)) < 30) {
    n++;
  }
  do
    n--;
  while (n > 0);
  return n;
}`);
    expect(reached(profile)).toEqual({
      2: [3, 0],
      3: [2, 2],
      5: [1, 0],
      6: [3, 30],
      7: [2, 0],
      10: [2, 0],
      11: [2, 0],
      12: [1, 0],
    });
  });

  test("the lines of a finally block are timed after an early return and after a throw", async () => {
    const text = `async function f({ wait, work }, how) {
  try {
    work(1);
    if (how === "return") return await wait(7);
    await wait(2);
    throw new Error("thrown");
  } finally {
    await wait(40);
  }
}`;
    expect(reached(await profileOf(text, "return"))).toEqual({ 3: [1, 1], 4: [1, 7], 8: [1, 40] });
    const thrown = await profileOf(text, "throw");
    expect(reached(thrown)).toEqual({ 3: [1, 1], 4: [1, 0], 5: [1, 2], 6: [1, 0], 8: [1, 40] });
    expect(thrown.error).toEqual(new Error("thrown"));
  });

  test("a return without await lasts until the returned promise is settled", async () => {
    const profile = await profileOf(`const f = ({ wait, work }) => {
  work(1);
  return wait(30);
};`);
    expect(reached(profile)).toEqual({ 2: [1, 1], 3: [1, 30] });
  });

  test("a callback has its own time, and after it the calling line goes on", async () => {
    const profile = await profileOf(`function f({ wait, work }) {
  return [1, 2].map((n) => {
    work(n);
    return n;
  }).concat(work(5));
}`);
    expect(reached(profile)).toEqual({ 2: [1, 5], 3: [2, 3], 4: [2, 0] });
  });

  test("time is counted once when a function calls itself", async () => {
    const profile = await profileOf(`async function f({ wait, work }, n = 2) {
  await wait(10);
  if (n > 0) await f({ wait, work }, n - 1);
  work(1);
}`);
    expect(reached(profile)).toEqual({ 2: [3, 30], 3: [3, 0], 4: [3, 3] });
    expect(profile.totalMs).toBe(33);
  });
});

/** Functions of one argument, in all the forms that statements have. */
const FORMS: [name: string, text: string][] = [
  [
    "if without braces, else if",
    "function f(n) { if (n > 2) return 'big'; else if (n) return 'small'; return 0; }",
  ],
  [
    "switch",
    "function f(n) { switch (n) { case 1: n += 10; case 3: n += 100; break; default: n = -n; } return n; }",
  ],
  [
    "labels, break and continue",
    "function f(n) { let s = ''; outer: for (const a of [0, 1, 2]) { for (let b = 0; ; b++) { if (b > n) continue outer; if (a === 2) break outer; s += a + ':' + b + ' '; } } return s; }",
  ],
  [
    "for in and do",
    "function f(n) { let s = ''; for (const key in { a: 1, b: 2 }) s += key; do s += n; while (n-- > 0); return s; }",
  ],
  [
    "try, catch and finally that returns",
    "function f(n) { try { if (n) throw n; return 'try'; } catch (e) { return 'caught ' + e; } finally { if (n === 3) return 'finally'; } }",
  ],
  ["a short arrow function", "const f = (n) => n * 2;"],
  ["a short async arrow function", "const f = async (n) => (await n) * 2;"],
  [
    "a generator inside",
    "function f(n) { function* up() { for (let i = 0; i < n; i++) yield i; } return [...up()]; }",
  ],
  [
    "a class inside",
    "function f(n) { class A { constructor(n) { this.n = n; } get twice() { return 2 * this.n; } static of(n) { return new A(n); } } class B extends A { constructor(n) { super(n + 1); } } return [A.of(n).twice, new B(n).n]; }",
  ],
  [
    "var, hoisting and defaults",
    "function f(n, add = (x) => { return x + n; }) { v = later(n); var v; return [v, add(1)]; function later(x) { return x + 1; } }",
  ],
  [
    "use strict, and this",
    'function f(n) { "use strict"; return [this === undefined, arguments.length, n]; }',
  ],
  [
    "for await over promises and break",
    "async function f(n) { const got = []; for await (const x of [1, Promise.resolve(2), 3]) { if (x > n) break; got.push(x); } return got; }",
  ],
];

describe("a profiled function does what it did", () => {
  test.each(FORMS)("a profiled function returns what it returned before: %s", async (_name, text) => {
    const f = functionIn(text);
    for (const n of [0, 1, 3]) {
      const { value, error } = await lineProfile(functionSource(f), [n]);
      expect(error).toBeUndefined();
      expect(value).toEqual(await f(n));
    }
  });
});

describe("which function", () => {
  test("a library function is shown as its file has it, and waits where it waits for the peer", async () => {
    const controller = new AbortController();
    const { address } = await startPeer({ hangsUp: true, chunks: [] }, controller.signal);
    const profile = await lineProfile(functionSource(getVersionMessage), [address]);
    controller.abort();
    expect(profile.place).toBe("lib/peer/handshake.ts");
    expect(profile.lines[0].code).toContain("export async function getVersionMessage(address: AddressTuple)");
    expect(profile.error).toMatchObject({ name: "PeerError", code: "CLOSED" });
    const hits = (part: string) => profile.lines.find(({ code }) => code.includes(part))?.hits;
    expect([hits("once(socket"), hits("readVersionMessage(socket)"), hits("socket.destroy()")]).toEqual([
      1, 1, 1,
    ]);
  });

  test("a function without a known source is shown as compiled code", async () => {
    const profile = await lineProfile(
      functionSource((n: number) => n + 1),
      [1],
    );
    expect(profile).toMatchObject({ place: "compiled code", value: 2 });
  });

  const count = 1;
  test.each([
    ["built in", Math.max, /max has no source: it is built in/],
    ["bound", (() => 1).bind(null), /has no source.*made by bind/],
    ["not a function", 5, /expected a function, got number/],
    ["a class", class {}, /got a class or a method/],
    ["a method", { m() {} }.m, /got a class or a method/],
    [
      "in need of a variable around it",
      function near() {
        return count;
      },
      /near uses count/,
    ],
  ])("a function is refused with the reason if it is %s", async (_name, fn, message) => {
    await expect(profileLines(fn as never)).rejects.toThrow(message);
    await expect(profileLines(fn as never)).rejects.toThrow(TypeError);
  });
});

test("the table of a line profile has a row per line, and only the code of lines that were not reached", async () => {
  const profile = await profileOf(`async function f({ wait, work }) {
  await wait(75);
  work(25);
}`);
  expect(profileRows(profile)).toEqual([
    { line: 1, code: "const f = async function f({ wait, work }) {", bar: "" },
    {
      line: 2,
      hits: 1,
      ms: 75,
      "ms per hit": 75,
      "% of time": 75,
      bar: "█████████",
      code: "  await wait(75);",
    },
    { line: 3, hits: 1, ms: 25, "ms per hit": 25, "% of time": 25, bar: "███", code: "  work(25);" },
    { line: 4, code: "}", bar: "" },
  ]);
});
