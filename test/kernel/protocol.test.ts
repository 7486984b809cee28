/** The kernel's side of Jupyter's protocol: https://jupyter-client.readthedocs.io/en/stable/messaging.html */
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { root } from "../../scripts/setup/paths";
import { untilGone } from "../helpers/gone";
import { holdingPeer } from "../helpers/peers";
import { KERNEL, PROGRAM } from "../helpers/limits";
import { FrontEnd, shown } from "./front-end";

let kernel: FrontEnd;

/** A folder in which the course's packages are found, as in notebooks/, and which nothing else writes into. */
function newFolder(): string {
  const parent = path.join(root, ".course", "test-kernels");
  fs.mkdirSync(parent, { recursive: true });
  return fs.mkdtempSync(path.join(parent, "protocol-"));
}

beforeAll(async () => {
  kernel = await FrontEnd.start(newFolder());
}, KERNEL);

afterAll(async () => {
  await kernel?.end();
  fs.rmSync(kernel.folder, { recursive: true, force: true });
});

describe("a cell's last expression", () => {
  test.each([
    ["1 + 1", "2"],
    ["'text, as it is'", "text, as it is"],
    ["({ a: 1n, b: [1, 2] })", "{ a: 1n, b: [ 1, 2 ] }"],
    ["new Map([[1, new Uint8Array(2)]])", "Map(1) { 1 => Uint8Array(2) [ 0, 0 ] }"],
  ])("a cell's last expression is an execute_result: %s", async (code, text) => {
    const [answer] = await kernel.run([code]);
    expect(shown(answer)).toEqual([["execute_result", text]]);
    expect(answer.reply.status).toBe("ok");
  });

  test.each(["undefined", "null", "const x = 1;"])(
    "a cell's last expression is not shown if it is nothing: %s",
    async (code) => {
      const [answer] = await kernel.run([code]);
      expect(shown(answer)).toEqual([]);
    },
  );
});

// tslab's server lost all that came after the first 505 lines, and the cell never ended.
test("everything that a cell prints at once arrives, in order, in few messages", async () => {
  const [{ published, reply }] = await kernel.run([
    "for (let i = 0; i < 20_000; i++) (i % 5_000 ? console.log : console.error)(i);",
  ]);
  expect(reply.status).toBe("ok");
  const texts = published.filter(({ type }) => type === "stream").map(({ content }) => content.text);
  expect(texts.join("")).toBe(Array.from({ length: 20_000 }, (_, i) => `${i}\n`).join(""));
  // 100 in 50 ms and no more: on a busy machine the loop takes long.
  expect(texts.length).toBeLessThan(5000);
});

// tslab exports every name of a cell itself, and called these declared twice.
test("a cell may say `export`, as a module does", async () => {
  const [, answer] = await kernel.run([
    "export const exported = 1;\nexport function next(n: number): number { return n + exported; }\nconst listed = 2;\nexport { listed };",
    "next(listed) + exported",
  ]);
  expect(shown(answer)).toEqual([["execute_result", "4"]]);
});

test("a cell may have a `for await` and no other await", async () => {
  await kernel.run(["async function* two() { yield 1; yield 2; }"]);
  const [answer] = await kernel.run(["for await (const one of two()) console.log(one);"]);
  expect(
    shown(answer)
      .map(([, text]) => text)
      .join(""),
  ).toBe("1\n2\n");
  expect(answer.reply.status).toBe("ok");
});

describe("a cell that fails", () => {
  test("a cell that fails sends an error with the line that threw, and its reply says the same", async () => {
    await kernel.run(["function inner(x: any) {\n  // a comment\n  return x.b.c;\n}"]);
    const [{ reply, published }] = await kernel.run(["const q: any = {};\n\ninner(q);"]);
    const error = published.find(({ type }) => type === "error")!.content;
    const count = reply.execution_count as number;
    expect(error).toEqual({
      ename: "TypeError",
      evalue: "Cannot read properties of undefined (reading 'c')",
      traceback: [
        "TypeError: Cannot read properties of undefined (reading 'c')",
        `    in inner, cell [${count - 1}], line 3: return x.b.c;`,
        `    in cell [${count}], line 3: inner(q);`,
      ],
    });
    expect(reply).toMatchObject({ status: "error", ename: error.ename, evalue: error.evalue });
    expect(reply.traceback).toEqual(error.traceback);
  });

  test("a cell that fails after an await tells of the error, with its fields and its cause", async () => {
    const [answer] = await kernel.run([
      "await null;\nthrow Object.assign(new Error('late', { cause: new Error('why') }), { code: 'X' });",
    ]);
    const count = answer.reply.execution_count as number;
    expect(shown(answer)).toEqual([
      [
        "error",
        [
          "Error: late { code: 'X' }",
          `    in cell [${count}], line 2: throw Object.assign(new Error('late', { cause: new Error('why') }), { code: 'X' });`,
          "because of Error: why",
          `    in cell [${count}], line 2: throw Object.assign(new Error('late', { cause: new Error('why') }), { code: 'X' });`,
        ].join("\n"),
      ],
    ]);
  });

  test("a cell that does not compile says where, and what the line is", async () => {
    const [answer] = await kernel.run(["const n: string = 5;"]);
    expect(shown(answer)).toEqual([
      [
        "error",
        "Line 1, column 7: Type 'number' is not assignable to type 'string'.\n    const n: string = 5;",
      ],
    ]);
    expect(answer.reply).toMatchObject({ status: "error", ename: "CompileError" });
  });

  test("a cell may throw what is no Error", async () => {
    const [answer] = await kernel.run(["throw { no: 'error' };"]);
    expect(answer.reply).toMatchObject({ status: "error", evalue: "{ no: 'error' }, which is not an Error" });
  });
});

describe("after an error", () => {
  test("requests that were waiting are aborted after an error, and those that come later run at once", async () => {
    const file = path.join(kernel.folder, "fail-now");
    const failing = kernel.begin(
      `while (!require("node:fs").existsSync(${JSON.stringify(file)})) await new Promise((resolve) => setTimeout(resolve, 10));\nthrow 1`,
    );
    const waiting = ["console.log('second')", "console.log('third')"].map((code) => kernel.begin(code));
    await kernel.ask("complete", "con"); // the kernel has them all when it has answered this one
    fs.writeFileSync(file, "");
    const [failed, ...others] = await kernel.answersTo([failing, ...waiting]);
    expect(failed.reply.status).toBe("error");
    expect(others.map(({ reply }) => reply)).toEqual([{ status: "aborted" }, { status: "aborted" }]);
    expect(others.flatMap(shown)).toEqual([]);
    const [later] = await kernel.run(["'at once'"]);
    expect(shown(later)).toEqual([["execute_result", "at once"]]);
  });

  test("requests that were waiting run after an error if the failed one had no stop_on_error", async () => {
    const [failed, other] = await kernel.run(["throw 1", "'second'"], false);
    expect(failed.reply.status).toBe("error");
    expect(shown(other)).toEqual([["execute_result", "second"]]);
  });
});

describe("the interrupt button", () => {
  // Node.js may lose a signal that comes while it leaves a cell's synchronous part: the first cell is past that.
  test.each([
    [
      "an awaiting cell",
      "await new Promise(setImmediate);\nconsole.log('begun');\nawait new Promise(() => {});",
    ],
    ["a busy loop", "console.log('begun');\nfor (;;);"],
    ["a busy loop that prints", "for (;;) console.log('on and on');"],
  ])("the interrupt button ends %s with an error that says so", async (_, code) => {
    const request = kernel.begin(code);
    await kernel.published(request, ({ type }) => type === "stream");
    kernel.interrupt();
    const [answer] = await kernel.answersTo([request]);
    expect(answer.reply).toMatchObject({ status: "error", ename: "Interrupted" });
    expect(shown(answer).at(-1)).toEqual(["error", "Stopped: the cell was interrupted."]);
    const [later] = await kernel.run(["'goes on'"]);
    expect(shown(later)).toEqual([["execute_result", "goes on"]]);
  });
});

test("the interrupt button ends a loop of visits that nothing else can stop, and closes its connection", async () => {
  const peer = await holdingPeer();
  const calls = `[${JSON.stringify(peer.address[0])}, ${peer.address[1]}]`;
  const request = kernel.begin(
    `import { visit } from "@course/lib";\nawait new Promise(setImmediate);\nconsole.log("begun");\nfor (;;) await visit(${calls});`,
  );
  await peer.callersReach(1);
  kernel.interrupt();
  const [answer] = await kernel.answersTo([request]);
  expect(shown(answer).at(-1)).toEqual(["error", "Stopped: the cell was interrupted."]);
  await peer.allGone();
  const called = peer.sockets.length;
  // The next cell takes longer than a visit of the loop would, which has a second.
  const [later] = await kernel.run([
    `import { visit } from "@course/lib";\n(await visit(${calls})).error?.message`,
  ]);
  expect(shown(later)).toEqual([["execute_result", expect.stringContaining("no answer within")]]);
  expect(peer.sockets).toHaveLength(called + 1);
});

// Until the kernel had a compiler of its own, any new file ended every later cell ("Unexpected pending rebuildTimer").
test("an import that fails breaks nothing, whatever files appear, and finds its file once it is there", async () => {
  const [missing] = await kernel.run(["import { there } from './nothere';"]);
  expect(missing.reply.status).toBe("error");
  fs.writeFileSync(path.join(kernel.folder, "another.txt"), "");
  fs.writeFileSync(path.join(kernel.folder, "nothere.ts"), "export const there = 42;");
  await expect
    .poll(async () => shown((await kernel.run(["import { there } from './nothere';\nthere"]))[0]), {
      timeout: PROGRAM / 2,
    })
    .toEqual([["execute_result", "42"]]);
  const [later] = await kernel.run(["'goes on'"]);
  expect(shown(later)).toEqual([["execute_result", "goes on"]]);
});

test("Tab completes names of the library, and Shift-Tab shows their docstrings", async () => {
  await kernel.run(["import { toHex } from '@course/lib';\nimport fs from 'node:fs';"]);
  await kernel.run([
    "/** Says how many. */\nfunction howMany(list: string[]): number { return list.length; }",
  ]);
  const { reply } = await kernel.ask("complete", "toH");
  expect(reply.matches).toContain("toHex");
  const inspected = async (code: string) => {
    const { reply } = await kernel.ask("inspect", code);
    return (reply.data as Record<string, string>)["text/plain"];
  };
  expect(await inspected("toHex")).toMatch(/toHex\(bytes: Uint8Array\): string[^]*hexadecimal/);
  expect(await inspected("toHex(Uint8Array.of(1), ")).toContain("toHex(bytes: Uint8Array): string");
  expect(await inspected("howMany")).toMatch(/howMany\(list: string\[\]\): number[^]*Says how many\./);
  expect(await inspected("fs.existsSync")).toMatch(/existsSync\(path[^]*if the path exists/);
  expect(await inspected("[1].map")).toMatch(/map<U>[^]*Calls a defined callback function/);
});

test("a notebook outside of the course's folder finds the course's packages, types and all", async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "course-elsewhere-"));
  const elsewhere = await FrontEnd.start(folder);
  const [answer] = await elsewhere.run([
    "import net from 'node:net';\nimport { request } from 'undici';\nimport { toHex } from '@course/lib';\n" +
      "const version: number = net.isIP('::1');\n[toHex(Uint8Array.of(255)), version, typeof request].join()",
  ]);
  await elsewhere.end();
  fs.rmSync(folder, { recursive: true, force: true });
  expect(shown(answer)).toEqual([["execute_result", "ff,6,function"]]);
});

// A kernel whose output had nowhere to go any more failed to send it, printed the failure, and so on for ever.
test.each(["ended", "killed while a cell is in a busy loop"])(
  "a kernel that goes on printing and throwing is gone when its Jupyter is %s",
  async (how) => {
    const folder = newFolder();
    const busy = await FrontEnd.start(folder);
    const [{ published }] = await busy.run([
      "setInterval(() => console.log('on and on'), 1);\nsetInterval(() => { throw new Error('and on'); }, 1);\nprocess.pid",
    ]);
    const result = published.find(({ type }) => type === "execute_result")!.content;
    const pid = Number((result.data as Record<string, string>)["text/plain"]);
    if (how === "ended") await busy.end();
    else {
      const loop = busy.begin("console.log('begun');\nfor (;;);");
      await busy.published(
        loop,
        ({ type, content }) => type === "stream" && /begun/.test(String(content.text)),
      );
      busy.killParent();
    }
    await untilGone([pid]);
    fs.rmSync(folder, { recursive: true, force: true });
  },
);
