/** 02-version-message: all fields in their order, the last of which may be missing. */
import { concat, fromHex } from "../../wire/bytes";
import type { NetworkAddress } from "../../wire/network-address";
import { type ByteField, expectFieldsRead, versionPayloadFields } from "../../checks/expect-bytes";
import { showBytes, triedWith } from "../../checks/calls";
import { expectThat, show } from "../../checks/expect";
import { bytesOfText, textOfBytes } from "../../wire/text";
import { MAX_USER_AGENT_LENGTH } from "../../wire/var-int";
import {
  OUR_VERSION_MESSAGE,
  parseVersionMessage,
  type VersionFields,
  VersionMessage,
} from "../../wire/version-message";
import { embedded, expectRefused, expectUntouched } from "../shared/byte-checks";
import { defineExercise } from "../../checks/exercise";
import { RECORDED_VERSIONS } from "../shared/recorded-messages";
import { wrongReaders } from "./parse-version-message.wrong";

type Answer = typeof parseVersionMessage;

/** What an answer returned: fields of unknown types. */
type Loose = { [field in keyof VersionFields]?: unknown } & {
  receiver?: Partial<NetworkAddress>;
  sender?: Partial<NetworkAddress>;
};

/**
 * Returns the values of a message in the order of `versionPayloadFields`.
 * The length of the user agent is undefined, since a message does not store it.
 */
function valuesOf(message: Loose): unknown[] {
  const { version, services, timestamp, receiver, sender, nonce, userAgent, startHeight, relay } = message;
  const addresses = [receiver, sender].flatMap((address) => [
    address?.services,
    address?.host,
    address?.port,
  ]);
  return [version, services, timestamp, ...addresses, nonce, undefined, userAgent, startHeight, relay];
}

/** Expects that the answer reads this payload as these fields. */
function expectMessage(what: string, answer: Answer, payload: Uint8Array, expected: VersionMessage): void {
  const fields = versionPayloadFields(bytesOfText(expected.userAgent).length);
  const input = `${what}, ${payload.length} bytes: ${showBytes(payload)}\nits fields begin at ${beginnings(fields)}`;
  const message: unknown = triedWith(input, () => answer(payload));
  const isMessage = typeof message === "object" && message !== null && "userAgent" in message;
  expectThat(isMessage, `${what}: expected a VersionMessage, got ${show(message)}`);
  const actualValues = valuesOf(message);
  const expectedValues = valuesOf(expected);
  expectFieldsRead(
    what,
    payload,
    fields.map((field, i) => ({ field, actual: actualValues[i], expected: expectedValues[i] })),
  );
}

/** Returns where fields begin, for an error that names a byte: "byte 0 (protocol version), 4 (services), …". */
function beginnings(fields: readonly ByteField[]): string {
  return `byte ${fields.map(({ name, start }) => `${start} (${name})`).join(", ")}`;
}

/** Returns a message that differs from OUR_VERSION_MESSAGE in these fields. */
function messageWith(fields: Partial<VersionFields>): VersionMessage {
  return new VersionMessage({ ...OUR_VERSION_MESSAGE, ...fields });
}

/** Expects that the answer reads a message with these fields. */
function expectRead(what: string, answer: Answer, fields: Partial<VersionFields>): void {
  const message = messageWith(fields);
  expectMessage(`a version message ${what}`, answer, message.toBytes(), message);
}

/** A user agent whose bytes are 2f ff fe 2f. */
const NOT_UTF8 = textOfBytes(fromHex("2ffffe2f"));

const ALL_BITS = 2n ** 64n - 1n;
const PAYLOAD = OUR_VERSION_MESSAGE.toBytes();
const WITHOUT_RELAY = PAYLOAD.subarray(0, -1);
const FIELDS = versionPayloadFields(OUR_VERSION_MESSAGE.userAgent.length);

export default defineExercise<Answer>({
  id: "parseVersionMessage",
  notebook: "02-version-message",
  title: "The whole letter",
  points: 4,
  solution: parseVersionMessage,
  source: "wire/version-message.ts",
  hints: [
    "One reader, and one line for each field, in the order of the picture. Nothing but the last field needs a decision.",
    "Plain numbers: `readInt32LE` for the protocol version and the start height (both can be negative), `readBigUInt64LE` for services and nonce, `readBigInt64LE` for the time. Your own `readNetworkAddress`, twice, receiver first, and `readVarString`. Then look at `reader.remaining`: is there a byte left for `relay`?",
    'It begins and ends so:\n\n```ts\nconst reader = new ByteReader(payload);\nconst version = reader.readInt32LE("protocol version");\nconst services = reader.readBigUInt64LE("services");\n// timestamp, receiver, sender, nonce, userAgent\nconst startHeight = reader.readInt32LE("start height");\nconst relay = reader.remaining > 0 ? reader.readUInt8("relay") !== 0 : undefined;\n```\n\nand then the `return` of the text above.',
  ],
  checks: [
    {
      name: "The version messages of recorded nodes are read, field by field",
      run(answer) {
        for (const { title, payload } of RECORDED_VERSIONS) {
          expectMessage(title, answer, payload.slice(), VersionMessage.fromBytes(payload));
        }
      },
    },
    {
      name: "Receiver and sender are not exchanged",
      run: (answer) =>
        expectRead("from 198.51.100.7 to 2001:db8::7", answer, {
          receiver: { services: 1n, host: "2001:db8::7", port: 18333 },
          sender: { services: 9n, host: "198.51.100.7", port: 8333 },
        }),
    },
    {
      name: "Numbers of 64 bits are exact",
      run(answer) {
        expectRead("with all bits of services and nonce set", answer, {
          services: ALL_BITS,
          nonce: ALL_BITS,
        });
        expectRead("with the nonce 2^53 + 1", answer, { nonce: 2n ** 53n + 1n });
        expectRead("with a clock of 0", answer, { timestamp: 0n });
        expectRead("with a clock before 1970", answer, { timestamp: -1n });
        expectRead("with a clock far ahead", answer, { timestamp: 2n ** 53n + 1n });
      },
    },
    {
      name: "Heights can be large, and negative",
      run(answer) {
        expectRead("at height 965,123", answer, { startHeight: 965_123 });
        expectRead("at height -1", answer, { startHeight: -1 });
        expectRead("at height 2^31 - 1", answer, { startHeight: 2 ** 31 - 1 });
      },
    },
    {
      name: "The protocol version can be negative",
      run: (answer) => expectRead("of protocol version -1", answer, { version: -1 }),
    },
    {
      name: "A relay byte of 0 is false",
      run: (answer) => expectRead("with relay 0", answer, { relay: false }),
    },
    {
      name: "A relay byte that is missing is undefined",
      run(answer) {
        expectRead("of an old node, without relay", answer, { version: 60002, relay: undefined });
        expectRead("of protocol version 70015, without relay", answer, { version: 70015, relay: undefined });
      },
    },
    {
      name: "Bytes after relay are ignored",
      run(answer) {
        const more = Buffer.from("and more");
        for (const relay of [true, false]) {
          const message = messageWith({ relay });
          const what = `a version message with relay ${Number(relay)} and eight bytes after it`;
          expectMessage(what, answer, concat([message.toBytes(), more]), message);
        }
      },
    },
    {
      name: "A user agent of 256 bytes is read, one of 257 refused",
      async run(answer) {
        expectRead("without a user agent", answer, { userAgent: "" });
        const userAgent = `/${"x".repeat(MAX_USER_AGENT_LENGTH - 2)}/`;
        expectRead("with a user agent of 256 bytes", answer, { userAgent });
        const tooLong = messageWith({ userAgent: `${userAgent}/` }).toBytes();
        const when = `for a user agent of 257 bytes (bytes 80 to 339: ${showBytes(tooLong.subarray(80), 16)})`;
        await expectRefused(when, "OVERSIZED", () => answer(tooLong));
      },
    },
    {
      name: "A user agent that is not UTF-8 is no error",
      run: (answer) =>
        expectRead("whose user agent is not UTF-8 (2ffffe2f)", answer, { userAgent: NOT_UTF8 }),
    },
    {
      name: "A length of the user agent in more bytes than it needs is refused",
      run(answer) {
        const right = messageWith({ userAgent: "/Satoshi:0.16.3/" }).toBytes();
        const bytes = concat([right.subarray(0, 80), fromHex("fd1000"), right.subarray(81)]);
        const when = "for a user agent of 16 bytes whose length is written as fd1000 (bytes 80 to 82)";
        return expectRefused(when, "MALFORMED", () => answer(bytes));
      },
    },
    {
      name: "A payload that ends too early is refused, wherever it ends",
      async run(answer) {
        for (let length = 0; length < WITHOUT_RELAY.length; length++) {
          const { name, start } = FIELDS.filter((field) => field.start <= length).at(-1)!;
          const when = `for OUR_VERSION's payload, cut ${start === length ? "before" : "within"} ${name}, after ${length} of ${PAYLOAD.length} bytes`;
          await expectRefused(when, "MALFORMED", () => answer(embedded(WITHOUT_RELAY.subarray(0, length))));
        }
      },
    },
    {
      name: "A payload in the middle of other bytes is read, and not changed",
      run(answer) {
        const view = embedded(PAYLOAD);
        const what = "OUR_VERSION's payload, which is a view: payload.buffer holds other bytes, too";
        expectMessage(what, answer, view, OUR_VERSION_MESSAGE);
        expectUntouched("OUR_VERSION's payload", view, PAYLOAD);
      },
    },
  ],
  wrongAnswers: wrongReaders,
});
