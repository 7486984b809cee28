/** Snapshots of one's own: from visits, in files, as Parquet. */
import fs from "node:fs";
import path from "node:path";
import { parseSnapshot } from "@course/lib/bitnodes";
import {
  readSnapshot,
  saveSnapshot,
  SnapshotBuilder,
  SnapshotFileError,
  snapshotOf,
  visitLine,
  writeSnapshot,
} from "@course/lib/data";
import type { Visit } from "@course/lib/peer";
import { toUnixMs } from "@course/lib/util";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, beforeAll, expect, test } from "vitest";
import { answered, failed } from "../../commands/crawl/made-up";
import { remove, temporaryFolder } from "../../helpers/course";
import { versionMessage } from "../tables/made-up";

let folder: string;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => remove(folder));

let files = 0;
const newFile = (extension = "json") => path.join(folder, `snapshot-${++files}.${extension}`);
/** Writes a file, and returns its path. */
function fileOf(content: string, extension?: string): string {
  const file = newFile(extension);
  fs.writeFileSync(file, content);
  return file;
}

const NODE: Visit = {
  address: ["::ffff:192.0.2.1", 8333],
  startedAt: 1000,
  connectedAt: 2000,
  endedAt: 3000,
  versionMessage: versionMessage({ version: 70016, userAgent: "/a/", services: 1033n, startHeight: 7 }),
};
const unixSeconds = (ms: number) => Math.floor(toUnixMs(ms) / 1000);

test("snapshotOf() lists the nodes that answered as the API does: five fields each, by one spelling of the address", () => {
  expect(snapshotOf([NODE, failed("REFUSED", "192.0.2.2")])).toEqual({
    timestamp: unixSeconds(3000),
    total_nodes: 1,
    latest_height: 7,
    nodes: { "192.0.2.1:8333": [70016, "/a/", unixSeconds(2000), 1033, 7] },
  });
});

test("of two visits to a node the later one counts, and a failed one takes no node away", () => {
  const later = { ...NODE, versionMessage: versionMessage({ userAgent: "/b/" }) };
  const builder = new SnapshotBuilder();
  for (const visit of [NODE, later, { ...failed("REFUSED"), address: NODE.address }]) builder.add(visit);
  expect(builder.size).toBe(1);
  expect(builder.snapshot().nodes["192.0.2.1:8333"][1]).toBe("/b/");
});

test("latest_height is what most nodes say, the higher one of two: a single node cannot set it", () => {
  const visits = [5, 5, 6, 6, 2 ** 31 - 1].map((startHeight, i): Visit => ({
    ...NODE,
    address: ["192.0.2.1", i + 1],
    versionMessage: versionMessage({ startHeight }),
  }));
  expect(snapshotOf(visits).latest_height).toBe(6);
  expect(snapshotOf([])).toEqual({ timestamp: 0, total_nodes: 0, latest_height: 0, nodes: {} });
});

test("a user agent is in a file as any JSON API has it, and safe to print", () => {
  const visit = answered('/"\u001b[2J\u202e caf\udce9/');
  const file = newFile();
  writeSnapshot(snapshotOf([visit]), file);
  expect(fs.readFileSync(file, "utf8")).not.toMatch(/[\u001b\u202e]/);
  expect(readSnapshot(file).nodes["127.0.0.1:8333"][1]).toBe('/"\u001b[2J\u202e caf\ufffd/');
});

test("a snapshot that was written is read again, by the library's own client too", () => {
  const file = newFile();
  const snapshot = snapshotOf([NODE, answered("/b/")]);
  writeSnapshot(snapshot, file);
  expect(readSnapshot(file)).toEqual(snapshot);
  expect(parseSnapshot(fs.readFileSync(file, "utf8"))).toEqual(snapshot);
});

test("a snapshot is read from the visits of a crawl", () => {
  const file = fileOf(`${visitLine(NODE)}\n${visitLine(failed("REFUSED"))}\n`, "jsonl");
  expect(Object.keys(readSnapshot(file).nodes)).toEqual(["192.0.2.1:8333"]);
});

test.each([
  ["is not JSON", "\u001b[2J", /\.json: expected JSON from the bitnodes API, got "\\x1b\[2J"/],
  ["is JSON of something else", "[]", /not a snapshot: at the top/],
  ["has nodes of which none can be read", snapshotJson({ nodes: { "1.2.3.4:1": 5 } }), /at nodes → 1\.2\.3\.4:1/],
  ["has a time that is no number of seconds", snapshotJson({ timestamp: 1.5 }), /expected `timestamp` to be Unix seconds, got 1\.5/],
  ["has a negative time", snapshotJson({ timestamp: -1 }), /expected `timestamp`/],
])("a file that %s is refused, with its name", (_, content, message) => {
  const file = fileOf(content);
  expect(() => readSnapshot(file)).toThrow(SnapshotFileError);
  expect(() => readSnapshot(file)).toThrow(message);
  expect(() => readSnapshot(file)).toThrow(file);
});

function snapshotJson(fields: object): string {
  return JSON.stringify({ timestamp: 1, total_nodes: 1, latest_height: 1, nodes: {}, ...fields });
}

test("a file that is missing, and a folder, are refused with what to do", () => {
  const missing = newFile();
  expect(() => readSnapshot(missing)).toThrow(
    `there is no file ${missing}: npm run crawl -- --snapshot ${missing} makes one`,
  );
  expect(() => readSnapshot(folder)).toThrow(/is a folder, expected a file/);
  expect(() => readSnapshot(fileOf("{}\n", "jsonl"))).toThrow(/line 1: expected a visit/);
});

test("a key that names the prototype is a node like any other", () => {
  const file = fileOf(
    '{"timestamp":1,"total_nodes":1,"latest_height":1,"nodes":{"__proto__":[1,"/x/",1,1,1],"1.2.3.4:1":[1,"/y/",1,1,1]}}',
  );
  const { nodes } = readSnapshot(file);
  expect(nodes["1.2.3.4:1"][1]).toBe("/y/");
  expect(Object.getPrototypeOf(nodes)).toBe(Object.prototype);
});

test("no file is overwritten, and one that cannot be written is not there afterwards", async () => {
  const taken = fileOf("mine");
  const snapshot = snapshotOf([NODE]);
  expect(() => writeSnapshot(snapshot, taken)).toThrow(/exists, and is not overwritten/);
  await expect(saveSnapshot(snapshot, taken)).rejects.toThrow(/exists, and is not overwritten/);
  expect(fs.readFileSync(taken, "utf8")).toBe("mine");
  const nowhere = path.join(folder, "none", "a.json");
  expect(() => writeSnapshot(snapshot, nowhere)).toThrow(SnapshotFileError);
  await expect(saveSnapshot(snapshot, nowhere)).rejects.toThrow(SnapshotFileError);
  expect(fs.readdirSync(folder).filter((name) => name.endsWith(".tmp"))).toEqual([]);
});

test("saveSnapshot() writes a Parquet file with the columns of the table snapshot", async () => {
  const file = newFile("parquet");
  await saveSnapshot(snapshotOf([NODE]), file);
  const connection = await (await DuckDBInstance.create()).connect();
  const rows = await connection.runAndReadAll("SELECT address, user_agent, services, height FROM read_parquet($1)", [
    file,
  ]);
  expect(rows.getRowObjects()).toEqual([
    { address: "192.0.2.1:8333", user_agent: "/a/", services: 1033n, height: 7n },
  ]);
  connection.closeSync();
});
