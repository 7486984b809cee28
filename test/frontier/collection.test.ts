/** Into which files a machine collects, whatever happens to it; and the list that it makes of them. */
import { readSnapshot, readVisitLines } from "@course/lib/data";
import { collect, type ServerConnection, joinCrawl } from "@course/lib/frontier";
import type { Visit } from "@course/lib/peer";
import fs from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Collection, openCollection } from "../../scripts/crawl/collection";
import { collectInto } from "../../scripts/crawl/collector";
import type { Flags } from "../../scripts/crawl/options";
import { writeSnapshots } from "../../scripts/crawl/snapshot";
import { answered, failed } from "../commands/crawl/made-up";
import { remove, temporaryFolder } from "../helpers/course";
import { hasServer, newCrawl, until, useServer } from "./servers";

const { connect, joined } = useServer();
const never = new AbortController().signal;

let folder: string;
beforeAll(async () => void (folder = await temporaryFolder()));
afterAll(() => remove(folder));
const inFolder = (name: string): string => path.join(folder, name);

const host = (i: number): string => `192.0.2.${1 + i}`;
/** Every third peer does not answer. */
const visit = (i: number): Visit => (i % 3 === 2 ? failed("REFUSED", host(i)) : answered("/a/", host(i)));

/** A crawl of `count` addresses; the first `delivered` have been visited, and their visits wait for a collector. */
async function crawlOf(
  count: number,
  delivered = count,
): Promise<{ connection: ServerConnection; finish(): Promise<void> }> {
  const crawl = newCrawl();
  const seeds = Array.from({ length: count }, (_, i) => visit(i).address);
  const worker = await joined(crawl, "w", { seeds, concurrency: count });
  await until(worker, () => worker.underWay === count);
  const deliver = async (from: number, to: number): Promise<void> => {
    for (let i = from; i < to; i++) worker.finished(visit(i).address, visit(i));
    await until(worker, () => worker.state.done === to);
  };
  await deliver(0, delivered);
  return { connection: connect(crawl), finish: () => deliver(delivered, count) };
}

async function open(connection: ServerConnection, given: Partial<Flags>): Promise<Collection> {
  const flags: Flags = { threads: 1, timeout: 1, ...given };
  const lines = flags.resume === undefined ? undefined : readVisitLines(flags.resume);
  const { begunAt } = await joinCrawl(connection, "c", { network: "practice" });
  return openCollection(flags, connection, { begunAt }, lines, never);
}

/** Collects all, and writes the lists. Returns what was said. */
async function finishWith(
  connection: ServerConnection,
  { writer, earlier, snapshot, ...rest }: Collection,
): Promise<string[]> {
  const written = new Set(earlier.keys());
  const options = { worker: "c", signal: never };
  await collectInto(connection, writer, written, (one) => snapshot.add(one), options);
  writer.close();
  const said: string[] = [];
  await writeSnapshots(snapshot, (sentence) => said.push(sentence), rest.goOn());
  rest.removeBeside();
  return said;
}

const filesBeside = (list: string): string[] =>
  fs.readdirSync(folder).filter((name) => name.startsWith(`${list}.`) && name.endsWith(".jsonl"));

describe.runIf(hasServer)("a collector", () => {
  test("a collector that writes a list, and is killed, goes on with the file beside it: the list has all, and each once", async () => {
    const { connection, finish } = await crawlOf(9, 6);
    const lists = { parquet: inFolder("all.parquet"), snapshot: inFolder("all.json") };
    const first = await open(connection, lists);
    // It dies after it has written, and before the server has heard of that.
    const visits = collect(connection, { worker: "first", signal: never });
    const { lines } = (await visits.next()).value!;
    await first.writer.writeLines(lines);
    first.writer.close();
    await visits.return();
    const [beside] = filesBeside("all.parquet");
    fs.appendFileSync(inFolder(beside), '{"address":["192'); // a line that its death has cut off

    await finish();
    const second = await open(connection, lists);
    expect(second.sentence).toBe(
      `${inFolder(beside)} has 6 addresses already. Its last line was cut off, and is removed.`,
    );
    const said = await finishWith(connection, second);
    expect(said).toEqual([
      expect.stringContaining("all.json lists the 6 nodes that answered"),
      expect.stringContaining("all.parquet lists the 6 nodes that answered"),
    ]);
    expect(Object.keys(readSnapshot(lists.snapshot).nodes)).toHaveLength(6);
    expect(fs.readFileSync(lists.parquet, "latin1")).toMatch(/^PAR1/);
    expect(filesBeside("all.parquet")).toEqual([]);
  });

  test("a collector that cannot write the list in the end keeps the visits, and says how to write it later", async () => {
    const { connection } = await crawlOf(4);
    const list = inFolder("late.json");
    const collection = await open(connection, { snapshot: list });
    fs.writeFileSync(list, "somebody else's");
    await expect(finishWith(connection, collection)).rejects.toThrow(
      /late\.json exists.* The visits are saved; to write it later: npm run crawl --/s,
    );
    expect(fs.readFileSync(list, "utf8")).toBe("somebody else's");
    fs.rmSync(list);
    await finishWith(connection, await open(connection, { snapshot: list }));
    expect(Object.keys(readSnapshot(list).nodes)).toHaveLength(3);
  });

  test("a collector does not go on with the visits of an earlier crawl of the same name", async () => {
    const list = inFolder("again.json");
    const one = await crawlOf(3);
    const left = await open(one.connection, { snapshot: list });
    const { begunAt } = await joinCrawl(one.connection, "c", { network: "practice" });
    await left.writer.write(visit(0));
    left.writer.close();
    const flags: Flags = { threads: 1, timeout: 1, snapshot: list };
    const later = await openCollection(flags, one.connection, { begunAt: begunAt + 1 }, undefined, never);
    expect(later.earlier.size).toBe(0);
    later.writer.close();
  });

  test("a collector refuses a file of visits of which the crawl has heard nothing, and takes one of which it has", async () => {
    const { connection } = await crawlOf(3);
    const file = inFolder("resumed.jsonl");
    const { writer } = await open(connection, { json: file });
    await writer.write(failed("REFUSED", "198.51.100.1"));
    writer.close();
    await expect(open(connection, { resume: file })).rejects.toThrow(
      /has visits, and the crawl .* has heard of none of their addresses: is it another crawl's file\?/,
    );
    fs.rmSync(file);
    const { writer: again } = await open(connection, { json: file });
    await again.write(visit(0));
    again.close();
    const resumed = await open(connection, { resume: file });
    await finishWith(connection, resumed);
    expect(fs.readFileSync(file, "utf8").trim().split("\n")).toHaveLength(3);
    expect(resumed.goOn()).toBe(`npm run crawl -- --resume ${file}`);
  });
});
