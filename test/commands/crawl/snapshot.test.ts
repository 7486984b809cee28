/** From a crawl to a list of one's own, as a user does it: crawl --snapshot, serve, compare, crawl the list again. */
import fs from "node:fs";
import path from "node:path";
import { readSnapshot } from "@course/lib/data";
import { type PracticeNetwork, servePracticeNetwork } from "@course/lib/practice";
import { UsageError } from "@course/lib/util";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { requireNewSnapshot, snapshotWriter } from "../../../scripts/crawl/snapshot";
import { type Command, remove, script, temporaryFolder } from "../../helpers/course";
import { answered, failed } from "./made-up";

const FLAGS = { threads: 1, timeout: 1 };

let network: PracticeNetwork;
let folder: string;
beforeAll(async () => {
  network = await servePracticeNetwork({
    peers: 30,
    latency: 0,
    behaviours: ["polite-modern", "polite-old", "refusing"],
  });
  folder = await temporaryFolder();
});
afterAll(async () => {
  await Promise.all([network.close(), remove(folder)]);
});

const inFolder = (name: string) => path.join(folder, name);

function run(name: string, args: string[], url = network.api): Command {
  const command = script(name, args, { BITNODES_URL: url });
  onTestFinished(() => void command.child.kill("SIGKILL"));
  return command;
}

test("what a crawl has found is served as the list of another crawl, and the two are compared", async () => {
  const [json, first, parquet, second] = ["a.jsonl", "a.json", "a.parquet", "b.json"].map(inFolder);
  const found = run("crawl", ["--json", json, "--snapshot", first, "--parquet", parquet, "--timeout", "60"]);
  expect(await found.exitCode()).toBe(0);
  const truth = await network.truth();
  const answering = truth.filter(({ outcome }) => outcome === "version").map(({ address }) => address);
  expect(Object.keys(readSnapshot(first).nodes).sort()).toEqual([...new Set(answering)].sort());
  expect(found.output).toContain(`npm run serve -- ${first}`);
  expect(fs.readFileSync(parquet, "latin1")).toMatch(/^PAR1/);

  const serve = run("serve", ["--port", "0", first]);
  const [, url] = await serve.says(/BITNODES_URL=(\S+) npm start/);
  const again = run("crawl", ["--snapshot", second, "--timeout", "60"], url);
  expect(await again.exitCode()).toBe(0);
  await serve.interrupt();
  expect(Object.keys(readSnapshot(second).nodes)).toHaveLength(answering.length);

  const compare = run("compare", [json, second]);
  expect(await compare.exitCode()).toBe(0);
  expect(compare.output).toMatch(/│ stayed +│ +\d+ │ 100% of the earlier ones │/);
});

test("a snapshot has the nodes of an earlier crawl that goes on, and is not written if nobody answered", async () => {
  const file = inFolder("resumed.json");
  const lines = { visits: [answered("/a/", "127.0.0.1")], wholeBytes: 0, cutBytes: 0 };
  const writer = snapshotWriter({ ...FLAGS, snapshot: file }, lines);
  writer.add(answered("/b/", "127.0.0.2"));
  writer.add(failed("REFUSED", "127.0.0.3"));
  for await (const sentence of writer.write()) expect(sentence).toContain("lists the 2 nodes that answered");
  expect(Object.keys(readSnapshot(file).nodes)).toEqual(["127.0.0.1:8333", "127.0.0.2:8333"]);
  const nobody = snapshotWriter({ ...FLAGS, snapshot: inFolder("nobody.json") }, undefined);
  nobody.add(failed("REFUSED"));
  for await (const sentence of nobody.write()) expect(sentence).toContain("No node has answered");
  expect(fs.existsSync(inFolder("nobody.json"))).toBe(false);
});

test("a crawl does not begin with files for its snapshot that it cannot write", () => {
  const taken = inFolder("taken.json");
  fs.writeFileSync(taken, "");
  const refusal = (flags: object) => () => requireNewSnapshot({ ...FLAGS, ...flags });
  expect(refusal({ snapshot: taken })).toThrow(
    /exists, and is not overwritten: use another name, or delete it/,
  );
  expect(refusal({ parquet: taken })).toThrow(UsageError);
  expect(refusal({ snapshot: inFolder("none/a.json") })).toThrow(/there is no folder/);
  expect(refusal({ json: inFolder("x"), snapshot: inFolder("./x") })).toThrow(/give them different names/);
  expect(refusal({ json: "-", snapshot: inFolder("x"), parquet: inFolder("y") })).not.toThrow();
  expect(refusal({})).not.toThrow();
});
