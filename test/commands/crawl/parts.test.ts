/** Decisions of `npm run crawl` that can be tested without a process. */
import fs from "node:fs";
import path from "node:path";
import type { Nodes } from "@course/lib/bitnodes";
import type { AddressTuple } from "@course/lib/peer";
import type { Network } from "@course/lib/practice";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { readAddresses } from "../../../scripts/crawl/addresses";
import { NetworkEnded, whileThere } from "../../../scripts/crawl/network-end";
import { concurrencyFor } from "../../../scripts/crawl/bounds";
import { planOf, resumeSentence } from "../../../scripts/crawl/plan";
import { resumedFileWriter } from "../../../scripts/crawl/visit-writer";
import { remove, temporaryFolder } from "../../helpers/course";
import { readVisitLines, visitLine } from "@course/lib/data";
import { stopOrEndSignal, unlessStopped } from "../../../scripts/crawl/stop";
import { failed, answered } from "./made-up";

const LISTED: AddressTuple[] = [
  ["127.0.0.1", 8333],
  ["127.0.0.2", 8333],
  ["127.0.0.3", 8333],
];
const lines = (...hosts: string[]) => ({
  visits: hosts.map((host) => failed("CLOSED", host)),
  wholeBytes: 0,
  cutBytes: 0,
});

describe("planOf()", () => {
  test("the plan of a new crawl is to call all listed addresses", () => {
    expect(planOf(LISTED)).toEqual({ toCall: LISTED, earlier: [] });
  });

  test("the plan of a resumed crawl is to call what is not in its file, and to keep the visits that are", () => {
    const plan = planOf(LISTED, "crawl.jsonl", lines("127.0.0.2", "127.0.0.9"));
    expect(plan.toCall).toEqual([LISTED[0], LISTED[2]]);
    expect(plan.earlier.map(({ address: [host] }) => host)).toEqual(["127.0.0.2", "127.0.0.9"]);
    expect(resumeSentence("crawl.jsonl", lines(), plan)).toBe(
      "crawl.jsonl has 2 addresses already, and 2 are left.",
    );
    expect(resumeSentence("crawl.jsonl", { ...lines(), cutBytes: 7 }, { ...plan, toCall: [] })).toBe(
      "crawl.jsonl has 2 addresses already, and none is left to call. Its last line was cut off, and is removed.",
    );
  });

  // Issue 11: a file that PowerShell wrote was refused.
  test("a resumed crawl rewrites a file of UTF-16 as UTF-8, and goes on after its last whole line", async () => {
    const folder = await temporaryFolder();
    onTestFinished(() => remove(folder));
    const file = path.join(folder, "crawl.jsonl");
    const [first, second] = [failed("CLOSED"), failed("REFUSED", "127.0.0.2")];
    fs.writeFileSync(file, `\ufeff${visitLine(first)}\r\n{"addr`, "utf16le");
    const read = readVisitLines(file);
    expect(resumeSentence(file, read, planOf(LISTED, file, read))).toContain(
      "It is UTF-16, and is rewritten",
    );
    const writer = resumedFileWriter(file, read);
    await writer.write(second);
    writer.close();
    const { visits, converted } = readVisitLines(file);
    expect(visits.map(({ address: [host] }) => host)).toEqual(["127.0.0.1", "127.0.0.2"]);
    expect(converted).toBeUndefined();
  });

  test("the plan of a resumed crawl counts an address that its file has twice once, by its last visit", () => {
    const twice = { ...lines("127.0.0.1"), visits: [failed("CLOSED"), answered("/a/")] };
    expect(planOf(LISTED, "crawl.jsonl", twice).earlier).toEqual([answered("/a/")]);
  });

  test("the plan of a resumed crawl knows a node of its file in another spelling", () => {
    const plan = planOf(LISTED, "crawl.jsonl", lines("::ffff:127.0.0.2", "::FFFF:7f00:3"));
    expect(plan.toCall).toEqual([LISTED[0]]);
  });

  test("the plan for an empty file is the plan of a new crawl", () => {
    expect(planOf(LISTED, "crawl.jsonl", lines())).toEqual({ toCall: LISTED, earlier: [] });
  });

  test("planOf() throws if none of the file's addresses is in the list", () => {
    expect(() => planOf(LISTED, "crawl.jsonl", lines("10.0.0.1"))).toThrow(
      "crawl.jsonl has 1 addresses, and none of them is in the list of this network",
    );
  });
});

test("readAddresses() leaves out names that are not addresses, and returns a node in several spellings once", () => {
  // Only a difference in brackets used to be seen; the others were called several times.
  const details = [70016, "", 0, 0, 0];
  const names = [
    ...[
      "[::ffff:1.2.3.4]:8333",
      "[2001:DB8::1]:8333",
      "1.2.3.4:8333",
      "2001:db8:0:0::1:8333",
      "1.2.3.4:8334",
    ],
    ...["nobody.b32.i2p:0", "1.2.3.5:0", "hello"],
  ];
  const nodes = Object.fromEntries(names.map((name) => [name, details])) as unknown as Nodes;
  expect(readAddresses(nodes)).toEqual({
    addresses: [
      ["1.2.3.4", 8333],
      ["2001:db8::1", 8333],
      ["1.2.3.4", 8334],
      ["nobody.b32.i2p", 0],
    ],
    unreadable: ["1.2.3.5:0", "hello"],
  });
});

test.each([
  ["practice", undefined, 1000],
  ["practice", 9000, 9000],
  ["live", undefined, 250],
  ["live", 100, 100],
  ["given", undefined, 250],
] as const)("on the %s network --concurrency %s makes %i visits at a time", (name, concurrency, expected) => {
  const network: Network = { name, BITNODES_URL: "", seeds: [] };
  expect(concurrencyFor(network, { concurrency, threads: 1, timeout: 1 })).toBe(expected);
});

test("the default is a thousand visits at a time on the practice network, and fewer with --v2, which takes more work", () => {
  const practice = { name: "practice", BITNODES_URL: "", seeds: [] } as const;
  const flags = { threads: 1, timeout: 1 };
  expect(concurrencyFor(practice, flags)).toBe(1000);
  expect(concurrencyFor(practice, { ...flags, v2: true })).toBe(250);
  expect(concurrencyFor(practice, { ...flags, v2: true, concurrency: 700 })).toBe(700);
});

test("--concurrency above 250 is a wrong call on a network of other people's computers", () => {
  const network: Network = { name: "live", BITNODES_URL: "", seeds: [] };
  expect(() => concurrencyFor(network, { concurrency: 1000, threads: 1, timeout: 1 })).toThrow(
    "--concurrency: expected at most 250 on a network of other people's computers, got 1,000",
  );
});

test("the first Ctrl-C aborts, its echo through npm does nothing, the second ends the process", async () => {
  const before = new Set(process.listeners("SIGINT"));
  vi.useFakeTimers({ toFake: ["performance"] });
  const exit = vi.spyOn(process, "exit").mockReturnValue(undefined as never);
  onTestFinished(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });
  const signal = stopOrEndSignal();
  const added = process.listeners("SIGINT").filter((listener) => !before.has(listener));
  const press = () => added.forEach((listener) => listener("SIGINT"));
  const work = unlessStopped(signal, new Promise(() => {}));
  press();
  await expect(work).rejects.toMatchObject({ name: "AbortError" });
  await expect(unlessStopped(signal, Promise.resolve())).rejects.toMatchObject({ name: "AbortError" });
  vi.advanceTimersByTime(100);
  press();
  expect(exit).not.toHaveBeenCalled();
  vi.advanceTimersByTime(500);
  press();
  expect(exit).toHaveBeenCalledExactlyOnceWith(130);
});

describe("whileThere()", () => {
  const { signal } = new AbortController();
  async function* visits() {
    yield answered("/a/");
    yield failed("REFUSED", "127.0.0.2");
    yield answered("/b/");
  }

  test("whileThere() yields a failed visit once the network has answered after it", async () => {
    const hosts: string[] = [];
    for await (const { address } of whileThere(visits(), async () => true, signal)) hosts.push(address[0]);
    expect(hosts).toEqual(["127.0.0.1", "127.0.0.1", "127.0.0.2"]);
  });

  test("whileThere() throws NetworkEnded instead of the failed visits of a network that has ended", async () => {
    const found = whileThere(visits(), async () => false, signal);
    expect((await found.next()).value).toEqual(answered("/a/"));
    expect((await found.next()).value).toEqual(answered("/b/"));
    await expect(found.next()).rejects.toBeInstanceOf(NetworkEnded);
  });

  test("whileThere() asks no network after the crawl was stopped", async () => {
    const found = whileThere(visits(), () => expect.unreachable(), AbortSignal.abort());
    const agents: (string | undefined)[] = [];
    for await (const { versionMessage } of found) agents.push(versionMessage?.userAgent);
    expect(agents).toEqual(["/a/", "/b/"]);
  });
});
