/** 02-version-message: the 26 bytes of an address, with the only big-endian number of the message. */
import { ByteReader, ByteWriter, fromHex } from "../../wire/bytes";
import { hostFromBytes, type NetworkAddress, readNetworkAddress } from "../../wire/network-address";
import { addressFields, expectFieldsRead } from "../../checks/expect-bytes";
import { showBytes } from "../../checks/calls";
import { expectThat, show } from "../../checks/expect";
import { embedded, expectRefused, expectTaken, expectUntouched, embeddedReader } from "../shared/byte-checks";
import { defineExercise } from "../../checks/exercise";
import { RECORDED_VERSIONS } from "../shared/recorded-messages";
import { MAPPED } from "../shared/random-input";

type Answer = typeof readNetworkAddress;
type Row = readonly [hex: string, address: NetworkAddress];

const LENGTH = 26;
const RECEIVER_OFFSET = 20;
const SENDER_OFFSET = RECEIVER_OFFSET + LENGTH;

const V4: readonly Row[] = [
  [
    "0d04000000000000 00000000000000000000ffffcb007107 208d",
    { services: 1037n, host: "203.0.113.7", port: 8333 },
  ],
  [
    "0100000000000000 00000000000000000000ffff7f000001 cc30",
    { services: 1n, host: "127.0.0.1", port: 52272 },
  ],
  ["0000000000000000 00000000000000000000ffff00000000 0000", { services: 0n, host: "0.0.0.0", port: 0 }],
];

const V6: readonly Row[] = [
  [
    "0904000000000000 20010db800000000000000000000abcd 208d",
    { services: 1033n, host: "2001:db8::abcd", port: 8333 },
  ],
  ["0100000000000000 00000000000000000000000000000001 208d", { services: 1n, host: "::1", port: 8333 }],
  ["0f04000000000000 00000000000000000000000000000000 0000", { services: 1039n, host: "::", port: 0 }],
  [
    "0000000000000000 fe80cd00000000cd12570000211e729c 0050",
    { services: 0n, host: "fe80:cd00:0:cd:1257:0:211e:729c", port: 80 },
  ],
];

const NEARLY_V4: readonly Row[] = [
  [
    "0100000000000000 000000000000000000000000cb007107 208d",
    { services: 1n, host: "::cb00:7107", port: 8333 },
  ],
  [
    "0100000000000000 0000000000000000ffff0000cb007107 208d",
    { services: 1n, host: "::ffff:0:cb00:7107", port: 8333 },
  ],
];

const PORTS: readonly Row[] = [
  ["0000000000000000 00000000000000000000ffffcb007107 0001", { services: 0n, host: "203.0.113.7", port: 1 }],
  [
    "0000000000000000 00000000000000000000ffffcb007107 ffff",
    { services: 0n, host: "203.0.113.7", port: 65535 },
  ],
];

const ALL_BITS: readonly Row[] = [
  [
    "ffffffffffffffff 00000000000000000000ffffcb007107 208d",
    { services: 2n ** 64n - 1n, host: "203.0.113.7", port: 8333 },
  ],
  [
    "0100000000000080 00000000000000000000ffffcb007107 208d",
    { services: 2n ** 63n + 1n, host: "203.0.113.7", port: 8333 },
  ],
];

/** What leads to the mistake of an answer that reads from the beginning of `bytes.buffer`. */
const A_VIEW = "where reader.read returns a view: its buffer holds other bytes, too";

/** Expects that the answer reads this address from where the reader is. */
function expectAddress(what: string, answer: Answer, reader: ByteReader, expected: NetworkAddress): void {
  const start = reader.offset;
  const address: unknown = answer(reader);
  const isAddress = typeof address === "object" && address !== null;
  expectThat(isAddress, `${what}: expected an object with services, host and port, got ${show(address)}`);
  const { services, host, port } = address as Partial<NetworkAddress>;
  const [servicesField, hostField, portField] = addressFields(start);
  expectFieldsRead(what, reader.bytes, [
    { field: servicesField, actual: services, expected: expected.services },
    { field: hostField, actual: host, expected: expected.host },
    { field: portField, actual: port, expected: expected.port },
  ]);
}

function readsAll(rows: readonly Row[]): (answer: Answer) => void {
  return (answer) => {
    for (const [hex, expected] of rows) {
      expectAddress(`in the 26 bytes ${hex}`, answer, new ByteReader(fromHex(hex)), expected);
    }
  };
}

function readerAt(offset: number, bytes: Uint8Array): ByteReader {
  const reader = new ByteReader(bytes.slice());
  reader.offset = offset;
  return reader;
}

export default defineExercise<Answer>({
  id: "readNetworkAddress",
  notebook: "02-version-message",
  title: "A network address",
  points: 3,
  solution: readNetworkAddress,
  source: "wire/network-address.ts",
  randomArguments: (random) => {
    const ip = random.chance(0.5)
      ? [...MAPPED, ...random.bytes(4)]
      : Array.from({ length: 16 }, () => random.integer(0x10, 0xff));
    return [
      new ByteReader(Uint8Array.from([...random.bytes(8), ...ip, ...random.bytes(random.integer(0, 6))])),
    ];
  },
  hints: [
    "Three fields, three reads, in the order of the picture. Two of the reads you have seen on this page.",
    "`readBigUInt64LE()` for the services, `read(16)` for the IP address, and the port with the one method of `ByteReader` whose name ends in `BE`. `hostFromBytes` makes a host of the sixteen bytes.",
    '```ts\nconst services = reader.readBigUInt64LE("services");\nconst host = hostFromBytes(reader.read(16, "IP address"));\nconst port = reader.readUInt16BE("port");\n```\n\nand an object of the three.',
  ],
  checks: [
    { name: "IPv4 addresses come out with dots", run: readsAll(V4) },
    { name: "IPv6 addresses come out as RFC 5952 writes them", run: readsAll(V6) },
    { name: "Only ten bytes 00 and two bytes ff before it make an IPv4 address", run: readsAll(NEARLY_V4) },
    { name: "The port is read as big-endian", run: readsAll(PORTS) },
    { name: "All 64 bits of the services are kept", run: readsAll(ALL_BITS) },
    {
      name: "Both addresses of recorded version messages are read where they are",
      run(answer) {
        for (const { title, payload } of RECORDED_VERSIONS) {
          for (const [whose, offset] of [
            ["receiver", RECEIVER_OFFSET],
            ["sender", SENDER_OFFSET],
          ] as const) {
            const expected = readNetworkAddress(readerAt(offset, payload));
            expectAddress(`${whose} in the ${title}, ${A_VIEW}`, answer, readerAt(offset, payload), expected);
          }
        }
      },
    },
    {
      name: "The reader advances by 26 bytes, and the bytes do not change",
      run(answer) {
        for (const [hex, expected] of [...V4, ...V6]) {
          const reader = embeddedReader(fromHex(hex));
          const before = reader.bytes.slice();
          expectAddress(`in ${hex}, with other bytes on both sides, ${A_VIEW}`, answer, reader, expected);
          expectTaken(`after the address ${hex}`, reader, LENGTH);
          expectUntouched(`the address ${hex}, with other bytes on both sides`, reader.bytes, before);
        }
      },
    },
    {
      name: "Fewer than 26 bytes are refused",
      async run(answer) {
        const bytes = fromHex(V4[0][0]);
        for (const length of [0, 7, 8, 23, 24, 25]) {
          const part = bytes.subarray(0, length);
          const when = `for ${length} of the 26 bytes (${showBytes(part)})`;
          await expectRefused(when, "MALFORMED", () => answer(new ByteReader(embedded(part))));
        }
      },
    },
  ],
  wrongAnswers: [
    {
      name: "reads the port as little-endian",
      caughtBy: "IPv4 addresses come out with dots",
      answer: (reader) => ({
        services: reader.readBigUInt64LE(),
        host: hostFromBytes(reader.read(16)),
        port: reader.readUInt16LE(),
      }),
    },
    {
      name: "reads the port as a signed number",
      caughtBy: "The port is read as big-endian",
      answer(reader) {
        const address = readNetworkAddress(reader);
        return { ...address, port: (address.port << 16) >> 16 };
      },
    },
    {
      name: "knows only IPv4",
      caughtBy: "IPv6 addresses come out as RFC 5952 writes them",
      answer: (reader) => ({
        services: reader.readBigUInt64LE(),
        host: reader.read(16).subarray(12).join("."),
        port: reader.readUInt16BE(),
      }),
    },
    {
      name: "writes IPv4 as IPv6",
      caughtBy: "IPv4 addresses come out with dots",
      answer: (reader) => ({
        services: reader.readBigUInt64LE(),
        host: groupsOf(reader.read(16)).join(":"),
        port: reader.readUInt16BE(),
      }),
    },
    {
      name: "writes IPv6 with all its zeros",
      caughtBy: "IPv6 addresses come out as RFC 5952 writes them",
      answer: (reader) =>
        withHost(reader, (bytes, host) => (host.includes(":") ? groupsOf(bytes).join(":") : host)),
    },
    {
      name: "puts IPv6 into brackets",
      caughtBy: "IPv6 addresses come out as RFC 5952 writes them",
      answer: (reader) => withHost(reader, (_, host) => (host.includes(":") ? `[${host}]` : host)),
    },
    {
      name: "takes ten bytes 00 as the sign of IPv4",
      caughtBy: "Only ten bytes 00 and two bytes ff before it make an IPv4 address",
      answer: (reader) =>
        withHost(reader, (bytes, host) => {
          const isMapped = bytes.subarray(0, 10).every((byte) => byte === 0) && bytes[12] > 0;
          return isMapped ? bytes.subarray(12).join(".") : host;
        }),
    },
    {
      name: "returns the services as an ordinary number",
      caughtBy: "IPv4 addresses come out with dots",
      answer(reader) {
        const address = readNetworkAddress(reader);
        return { ...address, services: Number(address.services) as unknown as bigint };
      },
    },
    {
      name: "converts the services to an ordinary number and back",
      caughtBy: "All 64 bits of the services are kept",
      answer(reader) {
        const address = readNetworkAddress(reader);
        return { ...address, services: BigInt(Number(address.services)) };
      },
    },
    {
      name: "reads the services as a signed number",
      caughtBy: "All 64 bits of the services are kept",
      answer(reader) {
        const address = readNetworkAddress(reader);
        return { ...address, services: BigInt.asIntN(64, address.services) };
      },
    },
    {
      name: "begins at byte 0, wherever the reader is",
      caughtBy: "Both addresses of recorded version messages are read where they are",
      answer(reader) {
        reader.offset = 0;
        return readNetworkAddress(reader);
      },
    },
    {
      name: "begins at byte 0 of the buffer that its bytes are a view into",
      caughtBy: "Both addresses of recorded version messages are read where they are",
      answer(reader) {
        const bytes = reader.read(LENGTH);
        const services = new DataView(bytes.buffer).getBigUint64(0, true);
        return { services, host: hostFromBytes(bytes.subarray(8, 24)), port: (bytes[24] << 8) | bytes[25] };
      },
      message:
        /^receiver in the version of .*, where reader\.read returns a view: its buffer holds other bytes, too:\nbytes 20 to 27, services/,
    },
    {
      name: "expects a time before the services, as addr messages have it",
      caughtBy: "IPv4 addresses come out with dots",
      answer(reader) {
        reader.readUInt32LE();
        return readNetworkAddress(reader);
      },
    },
    {
      name: "leaves the port unread",
      caughtBy: "The reader advances by 26 bytes, and the bytes do not change",
      answer(reader) {
        const address = readNetworkAddress(reader);
        reader.offset -= 2;
        return address;
      },
    },
    {
      name: "reverses the bytes of the port in place",
      caughtBy: "The reader advances by 26 bytes, and the bytes do not change",
      answer(reader) {
        const address = readNetworkAddress(reader);
        reader.bytes.subarray(reader.offset - 2, reader.offset).reverse();
        return address;
      },
    },
    {
      name: "reads missing bytes as zeros",
      caughtBy: "Fewer than 26 bytes are refused",
      answer(reader) {
        const padded = new ByteWriter().write(reader.bytes).write(new Uint8Array(LENGTH)).toBytes();
        const address = readNetworkAddress(readerAt(reader.offset, padded));
        reader.offset += LENGTH;
        return address;
      },
    },
  ],
});

function groupsOf(bytes: Uint8Array): string[] {
  return Array.from({ length: 8 }, (_, i) => ((bytes[2 * i] << 8) | bytes[2 * i + 1]).toString(16));
}

/** Reads an address and replaces its host by what `host` makes of its bytes and of the right host. */
function withHost(reader: ByteReader, host: (bytes: Uint8Array, right: string) => string): NetworkAddress {
  const bytes = reader.bytes.subarray(reader.offset + 8, reader.offset + 24);
  const address = readNetworkAddress(reader);
  return { ...address, host: host(bytes, address.host) };
}
