import path from "node:path";
import { openTables, saveCrawl } from "@course/lib/data";
import type { Visit } from "@course/lib/peer";
import { VersionMessage } from "@course/lib/wire";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { madeUpVisits, SNAPSHOT, versionMessage, visitWith } from "./made-up";
import { folder, opened } from "./opened";

describe("the table visits", () => {
  test("the table visits has a row per visit, with times since the first and NULL for missing values", async () => {
    const tables = await opened({ visits: madeUpVisits() });
    const rows = await tables.sql("SELECT * EXCLUDE (started_at, version_payload) FROM visits");
    const nothing = {
      protocol_version: null,
      services: null,
      peer_time: null,
      user_agent: null,
      start_height: null,
      relay: null,
    };
    const ms = (value: number) => expect.closeTo(value, 5) as number;
    expect(rows).toEqual([
      {
        address: "127.0.0.1:8333",
        host: "127.0.0.1",
        port: 8333,
        worker: "thread 1",
        transport: "v2",
        started_ms: ms(10),
        connected_ms: ms(12),
        sent_ms: ms(12.5),
        first_byte_ms: ms(40),
        ended_ms: ms(40.25),
        protocol_version: 70016,
        services: 1033,
        peer_time: 1_700_000_000,
        user_agent: "/Satoshi:27.1.0/",
        start_height: 820_000,
        relay: true,
        error_code: null,
        error_message: null,
      },
      {
        address: "[2001:db8::1]:18333",
        host: "2001:db8::1",
        port: 18_333,
        worker: null,
        transport: null,
        started_ms: 0,
        connected_ms: ms(5),
        sent_ms: ms(5),
        first_byte_ms: ms(80),
        ended_ms: ms(80),
        protocol_version: 31_800,
        services: "18446744073709551615",
        peer_time: 1_700_000_000,
        user_agent: "/old/",
        start_height: -1,
        relay: null,
        error_code: null,
        error_message: null,
      },
      {
        address: "127.0.0.3:8333",
        host: "127.0.0.3",
        port: 8333,
        worker: null,
        transport: null,
        started_ms: ms(20),
        connected_ms: null,
        sent_ms: null,
        first_byte_ms: null,
        ended_ms: ms(1020),
        ...nothing,
        error_code: "CONNECT_TIMEOUT",
        error_message: "no connection to 127.0.0.3:8333 within 1 second",
      },
      {
        address: "expyuzz4wqqyqhjn.onion:8333",
        host: "expyuzz4wqqyqhjn.onion",
        port: 8333,
        worker: null,
        transport: null,
        started_ms: ms(30),
        connected_ms: ms(31),
        sent_ms: ms(31),
        first_byte_ms: null,
        ended_ms: ms(50),
        ...nothing,
        error_code: "BAD_MAGIC",
        error_message: "expected f9beb4d9, got 0b110907",
      },
    ]);
  });

  test("the column started_at is in UTC", async () => {
    const before = Date.now() - 1000;
    const tables = await opened({ visits: madeUpVisits() });
    const [{ ms }] = await tables.sql<{ ms: number }>("SELECT epoch_ms(min(started_at)) AS ms FROM visits");
    expect(ms).toBeGreaterThanOrEqual(before - 2);
    expect(ms).toBeLessThanOrEqual(Date.now() - 1000 + 2);
  });

  test("the column services has all 64 bits", async () => {
    const tables = await opened({ visits: madeUpVisits() });
    const withBit = (bit: number) =>
      tables.sql("SELECT count(*) AS n FROM visits WHERE (services >> $bit) & 1 = 1", { bit });
    expect(await withBit(0)).toEqual([{ n: 2 }]);
    expect(await withBit(1)).toEqual([{ n: 1 }]);
    expect(await withBit(63)).toEqual([{ n: 1 }]);
  });

  test("the table visits exists without visits", async () => {
    const tables = await opened({ visits: [] });
    expect(await tables.sql("SELECT count(*) AS n FROM visits")).toEqual([{ n: 0 }]);
    expect(await tables.visits()).toEqual([]);
  });
});

describe("the table snapshot", () => {
  test("the table snapshot has a row per node, with NULL for the fields that five-field nodes lack", async () => {
    const tables = await opened({ snapshot: SNAPSHOT });
    const rows = await tables.sql("SELECT * FROM snapshot");
    expect(rows[0]).toEqual({
      address: "127.0.0.1:8333",
      host: "127.0.0.1",
      port: 8333,
      protocol_version: 70016,
      user_agent: "/Satoshi:27.1.0/",
      connected_since: "2023-11-14 22:13:20",
      services: 1033,
      height: 820_000,
      hostname: "one.example",
      city: "Bonn",
      country: "DE",
      latitude: 50.73,
      longitude: 7.1,
      timezone: "Europe/Berlin",
      asn: "AS24940",
      organisation: "Hetzner",
    });
    const five = { address: "127.0.0.4:8333", services: null, height: 820_001 };
    expect(rows[2]).toMatchObject({ ...five, hostname: null, country: null, latitude: null, asn: null });
  });

  test("the table snapshot joins visits by address, with or without brackets around IPv6 in the API", async () => {
    const tables = await opened({ visits: madeUpVisits(), snapshot: SNAPSHOT });
    const rows = await tables.sql(
      `SELECT address, visits.user_agent AS visited, snapshot.user_agent AS listed, country
       FROM visits FULL JOIN snapshot USING (address) ORDER BY address`,
    );
    expect(rows).toEqual([
      { address: "127.0.0.1:8333", visited: "/Satoshi:27.1.0/", listed: "/Satoshi:27.1.0/", country: "DE" },
      { address: "127.0.0.3:8333", visited: null, listed: null, country: null },
      { address: "127.0.0.4:8333", visited: null, listed: "/new/", country: null },
      { address: "[2001:db8::1]:18333", visited: "/old/", listed: "/old/", country: null },
      { address: "expyuzz4wqqyqhjn.onion:8333", visited: null, listed: null, country: null },
    ]);
  });

  // Issue 11: 9007199254740993 became 9007199254740992.
  test("the table snapshot has NULL for services whose digits JSON has lost", async () => {
    const nodes = JSON.parse(
      `{"1.2.3.4:8333": [1, "", 0, 9007199254740991, 0], "1.2.3.5:8333": [1, "", 0, 9007199254740993, 0]}`,
    ) as never;
    const tables = await opened({ snapshot: { ...SNAPSHOT, nodes } });
    const rows = await tables.sql("SELECT services FROM snapshot");
    expect(rows).toEqual([{ services: 9_007_199_254_740_991 }, { services: null }]);
  });

  test("the table snapshot has NULL for numbers that cannot be a version, services or a height", async () => {
    const nodes = { "1.2.3.4:8333": [70016.5, "", 0, -1, 1e300] } as never;
    const tables = await opened({ snapshot: { ...SNAPSHOT, nodes } });
    const rows = await tables.sql("SELECT protocol_version, services, height FROM snapshot");
    expect(rows).toEqual([{ protocol_version: null, services: null, height: null }]);
  });

  test("the table snapshot has a row for a key that is not an address, and for an I2P name with port 0", async () => {
    // Either used to cost the whole table.
    const nodes = { "1.2.3.4": SNAPSHOT.nodes["127.0.0.4:8333"], "nobody.b32.i2p:0": [70016] } as never;
    const tables = await opened({ snapshot: { ...SNAPSHOT, nodes } });
    expect(await tables.sql("SELECT address, host, port, height FROM snapshot")).toEqual([
      { address: "1.2.3.4", host: null, port: null, height: 820_001 },
      { address: "nobody.b32.i2p:0", host: "nobody.b32.i2p", port: 0, height: null },
    ]);
  });

  test("the table snapshot has NULL for fields that are null", async () => {
    const nodes = { "1.2.3.4:8333": [null, null, null, null, null] } as never;
    const tables = await opened({ snapshot: { ...SNAPSHOT, nodes } });
    expect(await tables.sql("SELECT protocol_version, user_agent, connected_since, height FROM snapshot")).toEqual([
      { protocol_version: null, user_agent: null, connected_since: null, height: null },
    ]);
  });

  test("the tables join a node that the visits and the snapshot spell differently", async () => {
    // The text of both spellings used to be compared, which missed these.
    const [first, second] = madeUpVisits();
    const visits: Visit[] = [{ ...first, address: ["::ffff:127.0.0.1", 8333] }, second];
    const nodes = { "127.0.0.1:8333": [70016], "[2001:DB8:0::1]:18333": [70016] } as never;
    const tables = await opened({ visits, snapshot: { ...SNAPSHOT, nodes } });
    const rows = await tables.sql(
      "SELECT address, visits.host AS host FROM visits JOIN snapshot USING (address) ORDER BY 1",
    );
    expect(rows).toEqual([
      { address: "127.0.0.1:8333", host: "::ffff:127.0.0.1" },
      { address: "[2001:db8::1]:18333", host: "2001:db8::1" },
    ]);
    expect((await tables.visits())[0].address).toEqual(["::ffff:127.0.0.1", 8333]);
  });
});

describe("sql()", () => {
  test.each([
    ["sum(n)", 3], // a HUGEINT
    ["1.25::DECIMAL(9, 2)", 1.25],
    ["0.5", 0.5],
    ["9007199254740993", "9007199254740993"],
    ["DATE '2026-11-24'", "2026-11-24"],
    ["TIMESTAMP '2026-11-24 12:00:00.5'", "2026-11-24 12:00:00.5"],
    ["'\\x00\\xFF'::BLOB", "00ff"],
    ["[1, NULL, 3]", [1, null, 3]],
    ["{'a': 1::BIGINT, 'b': [0.5]}", { a: 1, b: [0.5] }],
    ["true", true],
    ["NULL", null],
    ["quantile_cont(n, [0.5, 0.9])", [1.5, 1.9]],
  ])("sql() gives %s as a value for tables and plots", async (expression, value) => {
    const tables = await opened({});
    const rows = await tables.sql(
      `SELECT ${expression} AS value FROM (VALUES (1), (2)) AS t(n) GROUP BY ALL`,
    );
    expect(rows[0]).toEqual({ value });
  });

  test("sql() binds values by name and by number, also SQL text from a peer", async () => {
    const tables = await opened({ visits: [visitWith("'; DROP TABLE visits; --")] });
    const userAgent = "'; DROP TABLE visits; --";
    const text = "SELECT count(*) AS n FROM visits WHERE user_agent = $userAgent";
    expect(await tables.sql(text, { userAgent })).toEqual([{ n: 1 }]);
    expect(await tables.sql("SELECT $1::BIGINT + $2 AS sum", [40, 2n])).toEqual([{ sum: 42 }]);
  });

  test("sql() gives the rows of the last of several statements", async () => {
    const tables = await opened({ visits: madeUpVisits() });
    const rows = await tables.sql(
      "CREATE TABLE ours AS SELECT port FROM visits; SELECT count(*) AS n FROM ours",
    );
    expect(rows).toEqual([{ n: 4 }]);
  });

  test("sql() rejects with DuckDB's message for bad syntax and for an unknown table or column", async () => {
    const tables = await opened({ visits: madeUpVisits() });
    await expect(tables.sql("SELEC 1")).rejects.toThrow('syntax error at or near "SELEC"');
    await expect(tables.sql("FROM snapshot")).rejects.toThrow("Table with name snapshot does not exist");
    await expect(tables.sql("SELECT useragent FROM visits")).rejects.toThrow('"user_agent"');
  });
});

describe("hostile user agents", () => {
  const AGENTS = [
    ["'; DROP TABLE visits; --", "'; DROP TABLE visits; --"],
    ['"\\"', '"\\"'],
    ["/a\0b/", "/a\0b/"],
    ["/\udcff\udc80/", "/\\xff\\x80/"],
    ["/👩‍💻/", "/👩‍💻/"],
    ["\u202eabc\u0007\r\n", "\u202eabc\u0007\r\n"],
    ["", ""],
  ];

  test("hostile user agents come back from SQL unchanged, except bytes that are not UTF-8", async () => {
    const tables = await opened({ visits: AGENTS.map(([agent]) => visitWith(agent)) });
    const rows = await tables.sql<{ user_agent: string }>("SELECT user_agent FROM visits");
    expect(rows.map(({ user_agent }) => user_agent)).toEqual(AGENTS.map(([, shown]) => shown));
  });

  test.each(["duckdb", "parquet"])("hostile user agents keep every byte in a .%s file", async (extension) => {
    const file = path.join(await folder(), `crawl.${extension}`);
    const visits = AGENTS.map(([agent]) => visitWith(agent));
    await saveCrawl(visits, file);
    const tables = await opened({ file });
    const back = await tables.visits();
    expect(back.map(({ versionMessage }) => versionMessage!.userAgent)).toEqual(
      AGENTS.map(([agent]) => agent),
    );
  });

  test("user agents of random bytes keep every byte in a table", async () => {
    const payload = (userAgent: Uint8Array) => {
      const plain = versionMessage({ userAgent: "" }).toBytes();
      const [before, after] = [plain.subarray(0, 80), plain.subarray(81)];
      return new Uint8Array([...before, userAgent.length, ...userAgent, ...after]);
    };
    const agents = fc.uint8Array({ maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(fc.array(agents, { minLength: 1, maxLength: 20 }), async (all) => {
        const [visit] = madeUpVisits();
        const visits = all.map((agent) => ({
          ...visit,
          versionMessage: VersionMessage.fromBytes(payload(agent)),
        }));
        const tables = await openTables({ visits });
        const back = await tables.visits().finally(() => tables.close());
        expect(back.map(({ versionMessage }) => versionMessage!.toBytes())).toEqual(all.map(payload));
      }),
      { numRuns: 15 },
    );
  });
});
