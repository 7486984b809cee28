import fs from "node:fs";
import path from "node:path";
import { parseVisitLine, readVisitLines, visitLine, VisitLineError } from "@course/lib/data";
import { now } from "@course/lib/util";
import { VersionMessage } from "@course/lib/wire";
import { describe, expect, onTestFinished, test } from "vitest";
import { remove, temporaryFolder } from "../helpers/course";
import { madeUpVisits, versionMessage } from "./tables/made-up";

type Line = Record<string, unknown> & { startedAt: number; endedAt: number };

const line = (text: string) => JSON.parse(text) as Line;

describe("a line of a visit", () => {
  test("visitLine() writes times in Unix milliseconds, and bigints as digits", () => {
    const [answered] = madeUpVisits();
    const before = Date.now() - 1000;
    const { startedAt, endedAt, versionPayload, ...rest } = line(visitLine(answered));
    expect(startedAt).toBeGreaterThan(before - 100);
    expect(startedAt).toBeLessThan(Date.now());
    expect(endedAt - startedAt).toBeCloseTo(30.25, 2);
    expect(versionPayload).toBe(Buffer.from(answered.versionMessage!.toBytes()).toString("hex"));
    const moment = (ms: number) => expect.closeTo(startedAt + ms, 2) as number;
    expect(rest).toEqual({
      address: ["127.0.0.1", 8333],
      worker: "thread 1",
      transport: "v2",
      connectedAt: moment(2),
      sentAt: moment(2.5),
      firstByteAt: moment(30),
      versionMessage: {
        version: 70016,
        services: "1033",
        timestamp: "1700000000",
        receiver: { services: "0", host: "::", port: 0 },
        sender: { services: "0", host: "::", port: 0 },
        nonce: "7",
        userAgent: "/Satoshi:27.1.0/",
        startHeight: 820_000,
        relay: true,
      },
    });
  });

  test("visitLine() of a failed visit has the code and the message of its error", () => {
    const { address, error, versionMessage } = line(visitLine(madeUpVisits()[2]));
    expect([address, versionMessage]).toEqual([["127.0.0.3", 8333], undefined]);
    const message = "no connection to 127.0.0.3:8333 within 1 second";
    expect(error).toEqual({ code: "CONNECT_TIMEOUT", message });
  });

  test("parseVisitLine() gives back the visit of visitLine(), with any bytes in its user agent", () => {
    const [answered, ...others] = madeUpVisits();
    const hostile = { ...answered, versionMessage: versionMessage({ userAgent: '"\n\0\udcff\u2028' }) };
    for (const visit of [hostile, answered, ...others]) {
      const text = visitLine(visit);
      expect(text).not.toMatch(/\n|\\ud[89a-f]/);
      const back = parseVisitLine(text);
      expect(Object.keys(back).sort()).toEqual(Object.keys(visit).sort());
      expect([back.address, back.versionMessage, back.error]).toEqual([
        visit.address,
        visit.versionMessage,
        visit.error,
      ]);
      expect(back.error?.constructor).toBe(visit.error?.constructor);
      expect(back.endedAt - back.startedAt).toBeCloseTo(visit.endedAt - visit.startedAt, 2);
      expect(back.startedAt).toBeLessThan(now());
    }
  });

  test("parseVisitLine() gives back what came of asking a peer for addresses", () => {
    const [visit] = madeUpVisits();
    const text = visitLine({ ...visit, gossip: "ANSWERED", told: 1000 });
    expect(line(text)).toMatchObject({ gossip: "ANSWERED", told: 1000 });
    expect(parseVisitLine(text)).toMatchObject({ gossip: "ANSWERED", told: 1000 });
    expect(() => parseVisitLine(text.replace("ANSWERED", "SHOUTED"))).toThrow(/at gossip/);
  });

  test("parseVisitLine() keeps the bytes after the last field of a version message", () => {
    const payload = Uint8Array.of(...versionMessage().toBytes(), 1, 2, 3);
    const [answered] = madeUpVisits();
    const back = parseVisitLine(
      visitLine({ ...answered, versionMessage: VersionMessage.fromBytes(payload) }),
    );
    expect(back.versionMessage!.toBytes()).toEqual(payload);
  });

  test("parseVisitLine() reads the visit to an I2P name, which has port 0", () => {
    // A crawl of a list with such a name used to write a file that it could not read again.
    const address: [string, number] = ["nobody.b32.i2p", 0];
    expect(parseVisitLine(visitLine({ ...madeUpVisits()[2], address })).address).toEqual(address);
  });

  const visit = line(visitLine(madeUpVisits()[2]));
  test.each([
    ["hello", 'expected a visit as JSON, got "hello"'],
    ["[1, 2]", "expected a visit; at the top"],
    [JSON.stringify({ ...visit, address: ["1.2.3.4", 0] }), "expected a visit; at address.1"],
    [JSON.stringify({ ...visit, endedAt: "now" }), "expected a visit; at endedAt"],
    [JSON.stringify({ ...visit, error: undefined }), "expected either versionPayload or error"],
    [JSON.stringify({ ...visit, versionPayload: "00" }), "expected either versionPayload or error"],
    [JSON.stringify({ ...visit, error: undefined, versionPayload: "xyz" }), "at versionPayload"],
  ])("parseVisitLine() of %s throws and says what is wrong", (text, message) => {
    expect(() => parseVisitLine(text)).toThrow(message);
  });
});

describe("a file of lines", () => {
  const lines = madeUpVisits().map((visit) => `${visitLine(visit)}\n`);
  const all = lines.join("");

  async function fileOf(content: string | Uint8Array): Promise<string> {
    const folder = await temporaryFolder();
    onTestFinished(() => remove(folder));
    const file = path.join(folder, "crawl.jsonl");
    fs.writeFileSync(file, content);
    return file;
  }

  test("readVisitLines() gives the visits of a file, and none of an empty file", async () => {
    const { visits, wholeBytes, cutBytes } = readVisitLines(await fileOf(all));
    expect(visits.map(({ address: [host] }) => host)).toEqual(
      madeUpVisits().map(({ address: [host] }) => host),
    );
    expect([wholeBytes, cutBytes]).toEqual([Buffer.byteLength(all), 0]);
    expect(readVisitLines(await fileOf(""))).toEqual({ visits: [], wholeBytes: 0, cutBytes: 0 });
  });

  test("readVisitLines() of a file that is cut at any byte gives the complete lines", async () => {
    const whole = Buffer.byteLength(lines[0]);
    const bytes = Buffer.from(lines[0] + lines[2]);
    const file = await fileOf("");
    for (let end = whole; end < bytes.length; end++) {
      fs.writeFileSync(file, bytes.subarray(0, end));
      const { visits, wholeBytes, cutBytes } = readVisitLines(file);
      expect([visits.length, wholeBytes, cutBytes]).toEqual([1, whole, end - whole]);
    }
  });

  test.each([
    ["a line in the middle that is no visit", `${lines[0]}{}\n${lines[1]}`, "line 2: expected a visit"],
    ["a cut line in the middle", `${lines[0].slice(0, 40)}\n${lines[1]}`, "line 1: expected a visit as JSON"],
    ["NULs in the middle", `${lines[0]}\0\0\n${lines[1]}`, 'line 2: expected a visit as JSON, got "\\x00\\x00"'],
    ["text without a newline", "Dear diary,", 'line 1: expected a visit as JSON, got "Dear diary,"'],
    ["bytes of another kind", Uint8Array.of(0x7f, 0x45, 0x4c, 0x46), "line 1: expected a visit as JSON"],
  ])("readVisitLines() of a file with %s throws and names file and line", async (_, content, message) => {
    const file = await fileOf(content);
    expect(() => readVisitLines(file)).toThrow(VisitLineError);
    expect(() => readVisitLines(file)).toThrow(`${file}, ${message}`);
  });

  // Issue 11: files as npm, PowerShell and a power cut leave them were refused.
  const NPM = "\n> course@0.1.0 crawl\n> node scripts/run.cjs crawl --json -\n\n";
  const utf16 = (text: string) => Buffer.from(`\ufeff${text}`, "utf16le");
  test.each<[string, string | Uint8Array, number]>([
    ["npm's lines before the first", NPM + all, 0],
    ["a byte order mark", `\ufeff${all}`, 0],
    ["empty lines", all.replaceAll("\n", "\n\n"), 0],
    ["CRLF", all.replaceAll("\n", "\r\n"), 0],
    ["NULs after the last line", `${all}${"\0".repeat(4096)}`, 4096],
    ["NULs after a line that was cut", `${all}{"addre${"\0".repeat(100)}`, 107],
    ["UTF-16", utf16(`${NPM}${all}`.replaceAll("\n", "\r\n")), 0],
    ["UTF-16 with the high byte first", utf16(all).swap16(), 0],
    ["UTF-16 that was cut within a character", Buffer.concat([utf16(`${all}{`), Buffer.of(0x22)]), 1],
  ])("readVisitLines() reads a file with %s", async (_, content, cut) => {
    const { visits, cutBytes } = readVisitLines(await fileOf(content));
    expect(visits.map(({ address }) => address)).toEqual(madeUpVisits().map(({ address }) => address));
    expect(cutBytes).toBe(cut);
  });

  test("readVisitLines() of nothing but the beginning of npm's lines gives no visits", async () => {
    for (let end = 1; end <= NPM.length; end++) {
      expect(readVisitLines(await fileOf(NPM.slice(0, end))).visits).toEqual([]);
    }
  });

  // Issue 11: control characters of a peer reached the terminal with a line, or with its error.
  test("lines, and the errors about lines, are safe to print", () => {
    const userAgent = "\u001b[2J\u009b1m\u202e\u{e0041}é";
    const visit = { ...madeUpVisits()[0], versionMessage: versionMessage({ userAgent }) };
    expect(visitLine(visit)).toContain('"\\u001b[2J\\u009b1m\\u202e\\udb40\\udc41é"');
    expect(parseVisitLine(visitLine(visit)).versionMessage?.userAgent).toBe(userAgent);
    expect(() => parseVisitLine("\u001b[2J")).toThrow('got "\\x1b[2J"');
  });

  test("readVisitLines() of a missing file throws and names it", () => {
    expect(() => readVisitLines("none.jsonl")).toThrow("there is no file none.jsonl");
  });
});
