import fs from "node:fs";
import path from "node:path";
import { openCrawl, saveCrawl, visitLine } from "@course/lib/data";
import type { Visit } from "@course/lib/peer";
import { Packet, VersionMessage } from "@course/lib/wire";
import { describe, expect, onTestFinished, test } from "vitest";
import { madeUpVisits, SNAPSHOT, versionMessage, visitWith } from "./made-up";
import { folder, opened } from "./opened";

describe("a saved crawl", () => {
  /** Returns visits with times in milliseconds since the first began, so that they can be compared. */
  function sinceTheFirst(visits: Visit[]): object[] {
    const start = Math.min(...visits.map(({ startedAt }) => startedAt));
    const since = (moment: number) => Math.round((moment - start) * 1000) / 1000;
    return visits.map((visit) =>
      Object.fromEntries(
        Object.entries(visit).map(([key, value]) => [key, /At$/.test(key) ? since(value as number) : value]),
      ),
    );
  }

  test.each(["duckdb", "parquet"])("a crawl in a .%s file gives the visits back unchanged", async (extension) => {
    const file = path.join(await folder(), `it's a "crawl".${extension}`);
    const visits = madeUpVisits();
    expect(await saveCrawl(visits, file)).toEqual({ file });
    const tables = await openCrawl(file);
    onTestFinished(() => tables.close());
    const back = await tables.visits();
    expect(sinceTheFirst(back)).toEqual(sinceTheFirst(visits));
    expect(Math.abs(back[0].startedAt - visits[0].startedAt)).toBeLessThan(50); // a millisecond, unless the clock is set during the test
    expect(back.map(({ error }) => error?.constructor)).toEqual(
      visits.map(({ error }) => error?.constructor),
    );
    expect(back[0].versionMessage).toBeInstanceOf(VersionMessage);
  });

  test("a saved crawl keeps the bytes after the last field of a version message", async () => {
    const file = path.join(await folder(), "crawl.parquet");
    const payload = new Uint8Array([...versionMessage().toBytes(), 1, 2, 3]);
    const [visit] = madeUpVisits();
    await saveCrawl([{ ...visit, versionMessage: VersionMessage.fromBytes(payload) }], file);
    const [back] = await (await opened({ file })).visits();
    expect(new Packet("version", back.versionMessage!.toBytes()).payload).toEqual(payload);
  });

  test("a .duckdb file has the snapshot too, can be open twice and is read-only", async () => {
    const file = path.join(await folder(), "crawl.duckdb");
    await saveCrawl(madeUpVisits(), file, SNAPSHOT);
    const [first, second] = [await opened({ file }), await opened({ file })];
    const text = "SELECT count(*) AS n FROM visits JOIN snapshot USING (address)";
    expect([await first.sql(text), await second.sql(text)]).toEqual([[{ n: 2 }], [{ n: 2 }]]);
    await expect(first.sql("DELETE FROM visits")).rejects.toThrow("read-only");
  });

  test("a .jsonl file of npm run crawl can be opened as tables", async () => {
    const file = path.join(await folder(), "crawl.jsonl");
    fs.writeFileSync(
      file,
      madeUpVisits()
        .map((visit) => `${visitLine(visit)}\n`)
        .join(""),
    );
    const tables = await opened({ file, snapshot: SNAPSHOT });
    const rows = await tables.sql("SELECT address FROM visits JOIN snapshot USING (address) ORDER BY ALL");
    expect(rows).toEqual([{ address: "127.0.0.1:8333" }, { address: "[2001:db8::1]:18333" }]);
    expect(sinceTheFirst(await tables.visits())).toEqual(sinceTheFirst(madeUpVisits()));
  });

  test("visits that are given replace those of the file", async () => {
    const file = path.join(await folder(), "crawl.duckdb");
    await saveCrawl(madeUpVisits(), file, SNAPSHOT);
    const tables = await opened({ file, visits: [visitWith("/other/")] });
    expect(await tables.sql("SELECT user_agent FROM visits")).toEqual([{ user_agent: "/other/" }]);
    expect(await tables.sql("SELECT count(*) AS n FROM snapshot")).toEqual([{ n: 3 }]);
  });

  test("a saved crawl can be attached to compare it with another", async () => {
    const file = path.join(await folder(), "crawl.duckdb");
    await saveCrawl(madeUpVisits(), file);
    const tables = await opened({ visits: [visitWith("/today/")] });
    await tables.sql(`ATTACH '${file}' AS before (READ_ONLY)`);
    const rows = await tables.sql(
      "SELECT now.user_agent AS now, old.user_agent AS old FROM visits AS now JOIN before.visits AS old USING (address)",
    );
    expect(rows).toEqual([{ now: "/today/", old: "/Satoshi:27.1.0/" }]);
  });

  test("saveCrawl() backs up an earlier file of the same name, and the backup opens", async () => {
    const home = await folder();
    const file = path.join(home, "crawl.duckdb");
    await saveCrawl([visitWith("/first/")], file);
    const { copy } = await saveCrawl([visitWith("/second/")], file);
    expect(copy).toMatch(path.join(home, ".course", "backups", "crawl", "20"));
    const agent = async (file: string) => (await opened({ file })).sql("SELECT user_agent FROM visits");
    expect(await agent(file)).toEqual([{ user_agent: "/second/" }]);
    expect(await agent(copy!)).toEqual([{ user_agent: "/first/" }]);
    expect(fs.readdirSync(home).sort()).toEqual([".course", "crawl.duckdb"]);
  });

  test("saveCrawl() that fails leaves the earlier file and no temporary file", async () => {
    const home = await folder();
    const file = path.join(home, "crawl.duckdb");
    await saveCrawl([visitWith("/first/")], file);
    const bad = { ...visitWith("/x/"), address: ["1.2.3.4", 8333n] } as unknown as Visit;
    await expect(saveCrawl([bad], file)).rejects.toThrow();
    expect(fs.readdirSync(home)).toEqual(["crawl.duckdb"]);
    expect(await (await opened({ file })).sql("SELECT user_agent FROM visits")).toEqual([
      { user_agent: "/first/" },
    ]);
  });

  test.each([
    ["crawl.csv", 'expected a file name that ends in .duckdb or .parquet, got "crawl.csv"'],
    ["crawl", 'got "crawl"'],
  ])("saveCrawl() and openCrawl() reject the name %s", async (file, message) => {
    await expect(saveCrawl([], file)).rejects.toThrow(message);
    await expect(openCrawl(file)).rejects.toThrow(`ends in .duckdb, .parquet or .jsonl, got "${file}"`);
  });

  test("saveCrawl() of a snapshot in a .parquet file rejects and says what to do", async () => {
    const saved = saveCrawl([], "crawl.parquet", SNAPSHOT);
    await expect(saved).rejects.toThrow("leave the snapshot out, or use a name that ends in .duckdb");
  });

  test("openCrawl() of a missing file or of another kind of file rejects and names it", async () => {
    const home = await folder();
    const missing = path.join(home, "none.duckdb");
    await expect(openCrawl(missing)).rejects.toThrow(`there is no file ${missing}`);
    for (const name of ["bad.duckdb", "bad.parquet", "bad.jsonl"]) {
      fs.writeFileSync(path.join(home, name), "hello, I am text");
      await expect(openCrawl(path.join(home, name))).rejects.toThrow(name);
    }
  });
});

test("a file that was saved before there was a column for the transport is read as before", async () => {
  const file = path.join(await folder(), "old.duckdb");
  await saveCrawl(madeUpVisits(), file);
  const { DuckDBInstance } = await import("@duckdb/node-api");
  const instance = await DuckDBInstance.create(file);
  const connection = await instance.connect();
  await connection.run("ALTER TABLE visits DROP COLUMN transport");
  connection.closeSync();
  instance.closeSync();
  const tables = await openCrawl(file);
  onTestFinished(() => tables.close());
  const visits = await tables.visits();
  expect(visits.map(({ address, worker, transport }) => [address, worker, transport])).toEqual(
    madeUpVisits().map(({ address, worker }) => [address, worker, undefined]),
  );
});
