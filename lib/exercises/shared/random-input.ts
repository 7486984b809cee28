/** Parts of the made-up input of hidden checks: each of a kind that the visible checks name. */
import type { Nodes } from "../../bitnodes/api";
import type { Visit } from "../../peer/visit";
import type { Random } from "../../util/random";
import { fromHex } from "../../wire/bytes";
import { COMMAND_OFFSET, LENGTH_OFFSET, serializePacket } from "../../wire/packet";
import { OUR_VERSION_MESSAGE, VersionMessage } from "../../wire/version-message";
import { nodesNamed } from "./sample-snapshots";

const LETTERS = "abcdefghijklmnopqrstuvwxyz";

/** Returns one of these, each as likely as the others. */
export function oneOf<T>(random: Random, values: readonly T[]): T {
  return values[random.integer(0, values.length - 1)];
}

/** Returns a list of up to `most` things. */
export function listOf<T>(random: Random, most: number, make: () => T): T[] {
  return Array.from({ length: random.integer(0, most) }, make);
}

/** Returns a word of one to `most` letters. */
export function word(random: Random, most = 12): string {
  return Array.from({ length: random.integer(1, most) }, () => oneOf(random, [...LETTERS])).join("");
}

/** Returns an integer of 64 bits, of which small and large ones are equally likely. */
export function bits64(random: Random): bigint {
  return Buffer.from(random.bytes(8)).readBigUInt64LE() >> BigInt(random.integer(0, 63));
}

/** Returns a host as text: IPv4, or IPv6 without a group that could be written shorter. */
export function host(random: Random): string {
  if (random.chance(0.6)) return [...random.bytes(4)].join(".");
  return Array.from({ length: 8 }, () => random.integer(0x1000, 0xffff).toString(16)).join(":");
}

/** Returns a port. */
export function port(random: Random): number {
  return random.integer(1, 65535);
}

/** Returns nodes of a snapshot, by their keys. */
export function nodes(random: Random): Nodes {
  const keys = listOf(random, 8, () => {
    const name = random.chance(0.2) ? `${word(random, 16)}.onion` : host(random);
    return `${name.includes(":") ? `[${name}]` : name}:${port(random)}`;
  });
  return nodesNamed([...new Set(keys)]);
}

/** Returns a visit, to a peer that answered or not, at a time of its own. */
export function visit(random: Random): Visit {
  const startedAt = random.integer(1, 1_000_000);
  const made: Visit = { address: [host(random), 8333], startedAt, endedAt: startedAt };
  for (const phase of ["connectedAt", "sentAt", "firstByteAt"] as const) {
    made.endedAt += random.integer(1, 900);
    if (random.chance(0.15)) return { ...made, error: new Error("no answer") as Visit["error"] };
    made[phase] = made.endedAt;
  }
  made.endedAt += random.integer(0, 50);
  const timestamp = BigInt(random.integer(1_500_000_000, 1_800_000_000));
  const startHeight = random.integer(0, 900_000);
  return { ...made, versionMessage: new VersionMessage({ ...OUR_VERSION_MESSAGE, timestamp, startHeight }) };
}

/** Returns the bytes of a compactSize integer, with others after it. */
export function varIntBytes(random: Random): Uint8Array {
  const first = oneOf(random, [random.integer(0, 0xfc), 0xfd, 0xfe, 0xff]);
  return Uint8Array.of(first, ...random.bytes(random.integer(0, 12)));
}

/**
 * Returns bytes with one of them changed, by `change`, or some of them missing at the end; in half of the cases as they
 * were.
 */
export function damaged(random: Random, bytes: Uint8Array, change = flipBit): Uint8Array {
  if (bytes.length === 0 || random.chance(0.5)) return bytes;
  if (random.chance(0.3)) return bytes.slice(0, random.integer(0, bytes.length - 1));
  const copy = bytes.slice();
  change(random, copy, random.integer(0, copy.length - 1));
  return copy;
}

function flipBit(random: Random, bytes: Uint8Array, place: number): void {
  bytes[place] ^= 1 << random.integer(0, 7);
}

/** Returns the 12 bytes of a command; in half of the cases a byte is outside of ASCII, or a letter after the name. */
export function commandField(random: Random): Uint8Array {
  const name = word(random);
  const field = Uint8Array.from(Buffer.from(name.padEnd(12, "\0")));
  if (random.chance(0.5)) return field;
  if (random.chance(0.5) || name.length > 10) field[random.integer(0, name.length - 1)] |= 0x80;
  else field[random.integer(name.length + 1, 11)] = 0x61;
  return field;
}

/** Returns a packet; in half of the cases one that is cut short, or with a change that its checks must find. */
export function packet(random: Random): Uint8Array {
  const bytes = serializePacket(word(random), random.bytes(random.integer(0, 200)));
  return damaged(random, bytes, (_, copy, place) => {
    if (place >= COMMAND_OFFSET && place < LENGTH_OFFSET) copy.set(commandField(random), COMMAND_OFFSET);
    else flipBit(random, copy, place);
  });
}

/** The first twelve bytes of an IPv4 address of 16 bytes. */
export const MAPPED = fromHex("00000000000000000000ffff");
