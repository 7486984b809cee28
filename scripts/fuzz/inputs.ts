/**
 * Inputs that a hostile peer might send: random bytes, and changed copies of real messages.
 *
 * Half of the changed copies get a matching header: otherwise parsing would never get past the header.
 */
import { recordedChunks, RECORDINGS } from "@course/lib/recordings";
import {
  ADDRESS_NETWORKS,
  AddrMessage,
  AddrV2Message,
  concat,
  fromHex,
  type Message,
  OUR_VERSION,
  PingMessage,
  serializeMessage,
  serializePacket,
} from "@course/lib/wire";
import { Random } from "@course/lib/util";

/** Longest random input, in bytes. */
const MAX_LENGTH = 300;
const MAX_CHANGES = 4;

/** Bytes of numbers at which lengths or signs change. */
const EDGES = [
  ...[
    "00",
    "01",
    "7f",
    "80",
    "fc",
    "fd",
    "fe",
    "ff",
    "fd0000",
    "fdfc00",
    "fdfd00",
    "fd0001",
    "fd0101",
    "fde803",
  ],
  ...["fde903", "feffff0000", "fe00000100", "feffffffff", "ff0000000001000000", "ffffffffffffffffff"],
  ...["00000080", "ffffffff", "ffffffffffffff7f", "0000000000000080", "00093d00", "01093d00"],
].map(fromHex);

/** Whole messages to change: all recordings, and one message of each kind that was not recorded. */
export const SEEDS: readonly Uint8Array[] = [
  OUR_VERSION,
  ...RECORDINGS.map((recording) => concat(recordedChunks(recording))),
  packetOf(new PingMessage(7n)),
  packetOf(new AddrMessage([known("192.0.2.1"), known("2001:db8::1"), known("6hzph5hv6337r6p2.onion")])),
  packetOf(
    new AddrV2Message(
      Object.entries(ADDRESS_NETWORKS).map(([id, { length, hostOf }]) => ({
        ...known(hostOf(new Uint8Array(length).fill(Number(id)))),
        networkId: Number(id),
      })),
    ),
  ),
  serializePacket("feefilter", fromHex("e803000000000000")),
];

function packetOf(message: Message): Uint8Array {
  return serializeMessage(message).toBytes();
}

function known(host: string): { time: number; services: bigint; host: string; port: number } {
  return { time: 1532314003, services: 1033n, host, port: 8333 };
}

/** Returns the next input: one in four is random, the others are messages with one to four changes. */
export function nextInput(random: Random): Uint8Array {
  if (random.chance(0.25)) return random.bytes(random.integer(0, MAX_LENGTH));
  let bytes: Buffer = Buffer.from(oneOf(random, SEEDS));
  for (let left = random.integer(1, MAX_CHANGES); left > 0; left--) bytes = changed(random, bytes);
  return random.chance(0.5) ? withMatchingHeader(bytes) : bytes;
}

/** Returns a copy of bytes with one change. */
function changed(random: Random, bytes: Buffer): Buffer {
  const at = random.integer(0, bytes.length);
  const end = Math.min(bytes.length, at + random.integer(0, 16));
  const edge = oneOf(random, EDGES);
  const changes = [
    () => Buffer.concat([bytes.subarray(0, at), random.bytes(1), bytes.subarray(at + 1)]),
    () => Buffer.concat([bytes.subarray(0, at), edge, bytes.subarray(at + edge.length)]),
    () => Buffer.concat([bytes.subarray(0, at), edge, bytes.subarray(at)]),
    () => Buffer.concat([bytes.subarray(0, at), bytes.subarray(end)]),
    () => Buffer.concat([bytes.subarray(0, end), bytes.subarray(at)]),
    () => Buffer.from(bytes.subarray(0, at)),
    () => Buffer.concat([bytes, random.bytes(random.integer(1, 40))]),
    () => Buffer.concat([bytes.subarray(0, at), oneOf(random, SEEDS)]),
  ];
  return oneOf(random, changes)();
}

/** Returns a packet with the bytes' own command, and with all bytes after the header as its payload. */
function withMatchingHeader(bytes: Buffer): Uint8Array {
  const command = /^[a-z0-9]+/.exec(bytes.toString("latin1", 4, 16))?.[0] ?? "version";
  return serializePacket(command, Uint8Array.from(bytes.subarray(24)));
}

/** Returns a random value of the list. */
function oneOf<T>(random: Random, values: readonly T[]): T {
  return values[random.integer(0, values.length - 1)];
}
