/** What learners plausibly write instead of `parseVersionMessage`. */
import type { WrongAnswer } from "../../checks/exercise";
import { ByteReader, concat, toHex } from "../../wire/bytes";
import { ProtocolError } from "../../wire/errors";
import { readNetworkAddress } from "../../wire/network-address";
import { readVarInt, readVarString } from "../../wire/var-int";
import {
  OUR_VERSION_MESSAGE,
  parseVersionMessage,
  VersionMessage,
  type VersionFields,
} from "../../wire/version-message";

export const wrongReaders: readonly WrongAnswer<typeof parseVersionMessage>[] = [
  {
    name: "exchanges sender and receiver",
    caughtBy: "Receiver and sender are not exchanged",
    answer: (payload) => changed(payload, ({ receiver, sender }) => ({ receiver: sender, sender: receiver })),
  },
  {
    name: "forgets the nonce",
    caughtBy: "The version messages of recorded nodes are read, field by field",
    answer: (payload) => read(payload, { nonce: () => 0n }),
  },
  {
    name: "reads four bytes as the time",
    caughtBy: "The version messages of recorded nodes are read, field by field",
    answer: (payload) => read(payload, { timestamp: (reader) => BigInt(reader.readUInt32LE()) }),
    message:
      /string: expected 183 bytes from byte 77 on.*version of btcd.*: 8011.* 12 \(timestamp\), .* 81 \(user agent\)/s,
  },
  {
    name: "converts the nonce to an ordinary number and back",
    caughtBy: "Numbers of 64 bits are exact",
    answer: (payload) => changed(payload, ({ nonce }) => ({ nonce: BigInt(Number(nonce)) })),
  },
  {
    name: "reads the time as an unsigned number",
    caughtBy: "Numbers of 64 bits are exact",
    answer: (payload) => read(payload, { timestamp: (reader) => reader.readBigUInt64LE() }),
  },
  {
    name: "reads the height as an unsigned number",
    caughtBy: "Heights can be large, and negative",
    answer: (payload) => read(payload, { startHeight: (reader) => reader.readUInt32LE() }),
  },
  {
    name: "reads the protocol version as an unsigned number",
    caughtBy: "The protocol version can be negative",
    answer: (payload) => read(payload, { version: (reader) => reader.readUInt32LE() }),
    message: /bytes 0 to 3, protocol version \(ffffffff\): expected -1, got 4294967295/,
  },
  {
    name: "returns the time as a Date",
    caughtBy: "The version messages of recorded nodes are read, field by field",
    answer: (payload) =>
      changed(payload, ({ timestamp }) => ({
        timestamp: new Date(Number(timestamp) * 1000) as unknown as bigint,
      })),
  },
  {
    name: "returns relay as a number",
    caughtBy: "The version messages of recorded nodes are read, field by field",
    answer: (payload) => changed(payload, ({ relay }) => ({ relay: Number(relay) as unknown as boolean })),
  },
  {
    name: "always relays",
    caughtBy: "A relay byte of 0 is false",
    answer: (payload) => changed(payload, ({ relay }) => ({ relay: relay === undefined ? undefined : true })),
  },
  {
    name: "assumes that there is a relay byte",
    caughtBy: "A relay byte that is missing is undefined",
    answer: (payload) => read(payload, { relay: (reader) => reader.readUInt8() !== 0 }),
  },
  {
    name: "goes by the protocol version whether there is a relay byte",
    caughtBy: "A relay byte that is missing is undefined",
    answer(payload) {
      const isNew = Buffer.from(payload).readInt32LE() >= 70001;
      return read(payload, { relay: (reader) => (isNew ? reader.readUInt8() !== 0 : undefined) });
    },
    message:
      /field: expected 1 byte from byte 105 on, got 0\ntried with a version message of protocol version 70015, without relay/s,
  },
  {
    name: "reads a missing relay byte as true, which is what it means",
    caughtBy: "A relay byte that is missing is undefined",
    answer: (payload) => changed(payload, ({ relay }) => ({ relay: relay ?? true })),
  },
  {
    name: "takes the very last byte as relay",
    caughtBy: "Bytes after relay are ignored",
    answer: (payload) => changed(payload, ({ relay }) => ({ relay: relay && payload.at(-1) === 1 })),
  },
  {
    name: "refuses bytes after relay",
    caughtBy: "Bytes after relay are ignored",
    answer(payload) {
      const message = parseVersionMessage(payload);
      if (message.toBytes().length === payload.length) return message;
      throw new ProtocolError(
        "MALFORMED",
        `expected ${message.toBytes().length} bytes, got ${payload.length}`,
      );
    },
  },
  {
    name: "reads relay as missing when anything follows it",
    caughtBy: "Bytes after relay are ignored",
    answer: (payload) =>
      read(payload, { relay: (reader) => (reader.remaining === 1 ? reader.readUInt8() !== 0 : undefined) }),
  },
  {
    name: "reads the length of the user agent as one byte",
    caughtBy: "A user agent of 256 bytes is read, one of 257 refused",
    answer: (payload) =>
      read(payload, { userAgent: (reader) => Buffer.from(reader.read(reader.readUInt8())).toString() }),
  },
  {
    name: "accepts any length of the user agent",
    caughtBy: "A user agent of 256 bytes is read, one of 257 refused",
    answer: (payload) => read(payload, { userAgent: (reader) => readVarString(reader, Infinity) }),
  },
  {
    name: "refuses a user agent that is not UTF-8",
    caughtBy: "A user agent that is not UTF-8 is no error",
    answer: (payload) =>
      read(payload, {
        userAgent: (reader) =>
          new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(reader.read(readVarInt(reader))),
      }),
    message:
      /not valid.*\ntried with a version message whose user agent is not UTF-8 \(2ffffe2f\), 90 bytes: /s,
  },
  {
    name: "reads the length of the user agent in any form",
    caughtBy: "A length of the user agent in more bytes than it needs is refused",
    answer(payload) {
      const isLong = payload[80] === 0xfd && payload[82] === 0;
      if (isLong)
        return parseVersionMessage(
          concat([payload.subarray(0, 80), payload.subarray(81, 82), payload.subarray(83)]),
        );
      return parseVersionMessage(payload);
    },
    message: /for a user agent of 16 bytes whose length is written as fd1000 \(bytes 80 to 82\), got/,
  },
  {
    name: "reads past the end with Buffer",
    caughtBy: "A payload that ends too early is refused, wherever it ends",
    answer(payload) {
      Buffer.from(payload).readInt32LE(0);
      return parseVersionMessage(payload);
    },
  },
  {
    name: "reads a missing height as 0",
    caughtBy: "A payload that ends too early is refused, wherever it ends",
    answer: (payload) =>
      read(payload, { startHeight: (reader) => (reader.remaining < 4 ? 0 : reader.readInt32LE()) }),
  },
  {
    name: "reads from the beginning of the buffer",
    caughtBy: "A payload in the middle of other bytes is read, and not changed",
    answer: (payload) => parseVersionMessage(new Uint8Array(payload.buffer)),
  },
  {
    name: "returns the same message every time",
    caughtBy: "The version messages of recorded nodes are read, field by field",
    answer: () => OUR_VERSION_MESSAGE,
  },
  {
    name: "returns the payload as text",
    caughtBy: "The version messages of recorded nodes are read, field by field",
    answer: (payload) => toHex(payload) as unknown as VersionMessage,
  },
];

/** Reads the message correctly, then changes fields. */
function changed(
  payload: Uint8Array,
  change: (message: VersionMessage) => Partial<VersionFields>,
): VersionMessage {
  const message = parseVersionMessage(payload);
  return new VersionMessage({ ...message, ...change(message) });
}

/** How each field is read. A wrong answer replaces some. */
type Reads = { [field in keyof VersionFields]: (reader: ByteReader) => VersionFields[field] };

/** The right ways to read the fields, in their order. */
const RIGHT: Reads = {
  version: (reader) => reader.readInt32LE(),
  services: (reader) => reader.readBigUInt64LE(),
  timestamp: (reader) => reader.readBigInt64LE(),
  receiver: readNetworkAddress,
  sender: readNetworkAddress,
  nonce: (reader) => reader.readBigUInt64LE(),
  userAgent: (reader) => readVarString(reader),
  startHeight: (reader) => reader.readInt32LE(),
  relay: (reader) => (reader.remaining > 0 ? reader.readUInt8() !== 0 : undefined),
};

function read(payload: Uint8Array, wrong: Partial<Reads>): VersionMessage {
  const reader = new ByteReader(payload);
  const fields = Object.entries({ ...RIGHT, ...wrong }).map(([name, take]) => [name, take(reader)]);
  return new VersionMessage(Object.fromEntries(fields) as VersionFields);
}
