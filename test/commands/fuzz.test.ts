import fc from "fast-check";
import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { describe, expect, onTestFinished, test } from "vitest";
import {
  ADDRESS_NETWORKS,
  AddrMessage,
  AddrV2Message,
  hostFromBytes,
  type KnownAddress,
  type KnownAddressV2,
  type Message,
  Packet,
  parseMessage,
  PingMessage,
  PongMessage,
  serializeMessage,
  toHex,
  UnknownMessage,
} from "@course/lib/wire";
import { Random } from "@course/lib/util";
import { allocatedSoFar, countAllocations } from "../../scripts/fuzz/allocations";
import { nextInput, SEEDS } from "../../scripts/fuzz/inputs";
import { Finding, type OutcomeCounts, tryInput } from "../../scripts/fuzz/trial";
import { root } from "../../scripts/setup/paths";

const RUN = path.join(root, "scripts", "run.cjs");

const uint64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const bytes = (minLength: number, maxLength = minLength) => fc.uint8Array({ minLength, maxLength });
const place = { time: fc.nat(0xffffffff), services: uint64, port: fc.nat(0xffff) };

function anyAddress(): fc.Arbitrary<KnownAddress> {
  return fc.record({ ...place, host: bytes(16).map(hostFromBytes) });
}

function anyAddressV2(): fc.Arbitrary<KnownAddressV2> {
  const known = Object.entries(ADDRESS_NETWORKS).map(([id, { length, hostOf }]) =>
    fc.record({ ...place, networkId: fc.constant(Number(id)), host: bytes(length).map(hostOf) }),
  );
  const unknown = fc.record({
    ...place,
    networkId: fc.integer({ min: 7, max: 255 }),
    host: bytes(0, 512).map(toHex),
  });
  return fc.oneof(...known, unknown);
}

describe("messages", () => {
  const messages: [string, fc.Arbitrary<Message>][] = [
    ["addr", fc.array(anyAddress(), { maxLength: 20 }).map((list) => new AddrMessage(list))],
    ["addrv2", fc.array(anyAddressV2(), { maxLength: 20 }).map((list) => new AddrV2Message(list))],
    ["ping", fc.option(uint64, { nil: undefined }).map((nonce) => new PingMessage(nonce))],
    ["pong", uint64.map((nonce) => new PongMessage(nonce))],
    ["inv", bytes(0, 100).map((payload) => new UnknownMessage("inv", payload))],
  ];
  test.each(messages)("any %s message is read back as it was written", (_, message) => {
    const property = fc.property(message, (message) => {
      const packet = Packet.fromBytes(serializeMessage(message).toBytes());
      expect(parseMessage(packet)).toEqual(message);
    });
    fc.assert(property);
  });
});

describe("tryInput()", () => {
  test("any bytes give a message or a ProtocolError, in little time and memory, and are written as the same bytes", async () => {
    const stop = countAllocations();
    onTestFinished(stop);
    const seed = Date.now() % 1e6; // differs from run to run: the message of a failure names it
    const random = new Random(seed, "fuzz");
    const counts: OutcomeCounts = new Map();
    for (let i = 0; i < 3000; i++) {
      const input = nextInput(random);
      await tryInput(input, random, counts).catch((error: Finding) => {
        throw new Error(`seed ${seed}: ${error.message}: npm run fuzz -- --hex ${toHex(input)}`);
      });
    }
    for (const name of ["version", "addr", "addrv2", "parsePacket", "MALFORMED", "BAD_MAGIC", "OVERSIZED"]) {
      expect([...counts.keys()]).toContain(name); // the inputs reach all of these
    }
  });

  test("the unchanged seed messages pass all checks", async () => {
    const counts: OutcomeCounts = new Map();
    for (const seed of SEEDS) await tryInput(seed, new Random(1, "seeds"), counts);
    expect(counts.get("version")).toBeGreaterThan(0);
  });
});

test("countAllocations() counts the bytes of new arrays until it is stopped", () => {
  const before = allocatedSoFar();
  const stop = countAllocations();
  new Uint8Array(1000);
  stop();
  new Uint8Array(1000);
  expect(allocatedSoFar() - before).toBe(1000);
});

describe("npm run fuzz", () => {
  const fuzz = (...args: string[]) => promisify(execFile)(process.execPath, [RUN, "fuzz", ...args]);

  test("npm run fuzz tries the given number of inputs, the same for the same seed, and prints the number", async () => {
    const [first, second] = [
      await fuzz("--inputs", "300", "--seed", "7"),
      await fuzz("--inputs", "300", "--seed", "7"),
    ];
    expect(first.stdout).toMatch(/^300 inputs in [\d.]+ s \(seed 7\), nothing found\n/);
    expect(second.stdout.split("\n")[1]).toBe(first.stdout.split("\n")[1]);
  });

  test.each([["--inputs", "0"], ["--hex", "zz"], ["--what"]])(
    "npm run fuzz -- %s %s is a wrong call: exit code 2",
    async (...args) => {
      await expect(fuzz(...args)).rejects.toMatchObject({ code: 2 });
    },
  );
});
