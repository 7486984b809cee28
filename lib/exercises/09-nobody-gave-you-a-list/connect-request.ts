/** 09-nobody-gave-you-a-list: the message that asks a proxy to connect to a node. */
import { expectError, expectThat, show } from "../../checks/expect";
import { type ByteField, expectBytes } from "../../checks/expect-bytes";
import { defineExercise } from "../../checks/exercise";
import { connectRequest } from "../../socks/messages";
import { fromHex, toHex } from "../../wire/bytes";
import { oneOf, port, word } from "../shared/random-input";

type Answer = typeof connectRequest;

const ONION = "pg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscryd.onion";
const I2P = "ukeu3k5oycgaauneqgtnvselmt4yemvoilkln7jpvamvfx7dnkdq.b32.i2p";

/** Returns the fields of a request for a host of this many characters. */
function fieldsOf(length: number): ByteField[] {
  return [
    { name: "version", start: 0, length: 1 },
    { name: "command", start: 1, length: 1 },
    { name: "reserved byte", start: 2, length: 1 },
    { name: "address type", start: 3, length: 1 },
    { name: "length of the name", start: 4, length: 1 },
    { name: "name", start: 5, length },
    { name: "port", start: 5 + length, length: 2 },
  ];
}

function expectRequest(answer: Answer, host: string, port: number, expected?: Uint8Array): void {
  const what = `connectRequest(["${host.length > 40 ? `${host.slice(0, 12)}…` : host}", ${port}])`;
  const wanted = expected ?? connectRequest([host, port]);
  const bytes: unknown = answer([host, port]);
  expectThat(
    bytes instanceof Uint8Array,
    `${what}: expected a Uint8Array of ${wanted.length} bytes, got ${show(bytes)}`,
  );
  expectBytes(what, bytes, wanted, fieldsOf(host.length));
}

/** The bytes of a request for `a.onion`, port 8333. */
const SHORT = fromHex("05 01 00 03 07 61 2e 6f 6e 69 6f 6e 20 8d");

const PLAIN = "A short name and the usual port, byte for byte";
const WHOLE = "A Tor name of 62 characters, and one of I2P with port 0";
const PORTS = "The port has two bytes, the larger one first";
const NAMES = "The host is sent as a name, whatever it looks like";
const LONG = "A name that does not fit is an error";

export default defineExercise<Answer>({
  id: "connectRequest",
  notebook: "09-nobody-gave-you-a-list",
  title: "Ask to be connected",
  points: 2,
  solution: connectRequest,
  source: "socks/messages.ts",
  randomArguments: (random) => [[`${word(random, 56)}.${oneOf(random, ["onion", "b32.i2p"])}`, port(random)]],
  hints: [
    "Seven fields, one after the other. Five of them are one byte each, and four of these are always the same. Which is the fifth, and what if the name is longer than it can say?",
    'A `ByteWriter` has `write` for bytes and `writeUInt16BE` for the port. `Uint8Array.of(5, 1, 0, 3, host.length)` are the first five, and `Buffer.from(host, "ascii")` is the name.',
    "Before all else: `if (host.length < 1 || host.length > 255) throw new RangeError(…)`. Then:\n\n```ts\nreturn new ByteWriter()\n  .write(Uint8Array.of(5, 1, 0, 3, host.length))\n  .write(/* the name */)\n  .writeUInt16BE(/* the port */)\n  .toBytes();\n```",
  ],
  checks: [
    { name: PLAIN, run: (answer) => expectRequest(answer, "a.onion", 8333, SHORT) },
    {
      name: WHOLE,
      run(answer) {
        expectRequest(answer, ONION, 8333);
        expectRequest(answer, I2P, 0);
      },
    },
    {
      name: PORTS,
      run(answer) {
        for (const port of [1, 255, 256, 18_333, 65_535]) expectRequest(answer, "a.onion", port);
      },
    },
    {
      name: NAMES,
      run(answer) {
        expectRequest(answer, "127.0.0.1", 8333);
        expectRequest(answer, "A.onion", 8333);
      },
    },
    {
      name: "A name may have 255 characters",
      run: (answer) => expectRequest(answer, `${"a".repeat(249)}.onion`, 8333),
    },
    {
      name: LONG,
      async run(answer) {
        for (const host of ["", "a".repeat(256), "a".repeat(300)]) {
          await expectError(`for a host of ${host.length} characters`, () => answer([host, 8333]));
        }
      },
    },
  ],
  wrongAnswers: [
    {
      name: "writes the port as little-endian",
      caughtBy: PLAIN,
      answer: ([host, port]) => request(host, port, { ports: [port & 0xff, port >> 8] }),
    },
    {
      name: "leaves out the length of the name",
      caughtBy: PLAIN,
      answer: ([host, port]) => request(host, port, { head: [5, 1, 0, 3] }),
    },
    {
      name: "leaves out the reserved byte",
      caughtBy: PLAIN,
      answer: ([host, port]) => request(host, port, { head: [5, 1, 3, host.length] }),
    },
    {
      name: "ends the name with a NUL, as SOCKS4a does",
      caughtBy: PLAIN,
      answer: ([host, port]) => request(host, port, { ports: [0, port >> 8, port & 0xff] }),
    },
    {
      name: "returns hexadecimal text",
      caughtBy: PLAIN,
      answer: (address) => toHex(connectRequest(address)) as unknown as Uint8Array,
    },
    {
      name: "has a fixed length for Tor's names",
      caughtBy: PLAIN,
      answer: ([host, port]) => request(host, port, { head: [5, 1, 0, 3, 62] }),
    },
    {
      name: "takes port 0 for a mistake",
      caughtBy: WHOLE,
      answer: ([host, port]) => connectRequest([host, port || 8333]),
    },
    {
      name: "writes the port into one byte",
      caughtBy: PORTS,
      answer: ([host, port]) =>
        port === 8333 ? connectRequest([host, port]) : request(host, port, { ports: [port] }),
    },
    {
      name: "sends what looks like an IPv4 address as four bytes",
      caughtBy: NAMES,
      answer: ([host, port]) =>
        /^[\d.]+$/.test(host)
          ? Uint8Array.of(5, 1, 0, 1, ...host.split(".").map(Number), port >> 8, port & 0xff)
          : connectRequest([host, port]),
    },
    {
      name: "changes capital letters",
      caughtBy: NAMES,
      answer: ([host, port]) => connectRequest([host.toLowerCase(), port]),
    },
    {
      name: "believes that 255 is too long",
      caughtBy: "A name may have 255 characters",
      answer([host, port]) {
        if (host.length > 254) throw new RangeError("too long");
        return connectRequest([host, port]);
      },
    },
    {
      name: "lets the length of a long name wrap around",
      caughtBy: LONG,
      answer: ([host, port]) => request(host, port, {}),
    },
    {
      name: "cuts a name that is too long",
      caughtBy: LONG,
      answer: ([host, port]) => connectRequest([host.slice(0, 255) || "-", port]),
    },
  ],
});

/** The parts of a request that a wrong answer writes differently. */
interface Parts {
  head: number[];
  ports: number[];
}

function request(host: string, port: number, wrong: Partial<Parts>): Uint8Array {
  const { head = [5, 1, 0, 3, host.length], ports = [port >> 8, port & 0xff] } = wrong;
  return Uint8Array.of(...head, ...Buffer.from(host), ...ports);
}
