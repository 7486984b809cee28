/** 11-noise: a packet is opened, or found out. */
import { createCipheriv } from "node:crypto";
import { concat, fromHex, toHex } from "../../wire/bytes";
import { expectEqual, expectThat, Mismatch, show } from "../../checks/expect";
import { IGNORE_BIT, LENGTH_LENGTH, openPacket } from "../../transport/encrypted-packet";
import { nextKey, packetNonce, REKEY_INTERVAL, TAG_LENGTH } from "../../transport/forward-secure";
import { defineExercise } from "../../checks/exercise";
import { embedded, expectRefused, expectSameBytes, expectUntouched } from "../shared/byte-checks";
import { PUBLISHED_VECTORS, type PublishedVector } from "./published-vectors";
import { wrongOpenings } from "./open-packet.wrong";
import { damaged } from "../shared/random-input";

type Answer = typeof openPacket;

const KEY = fromHex(PUBLISHED_VECTORS[0].initiatorPacket);
const NONCE = packetNonce(7, 0n);
const CONTENTS = Buffer.from("what the postman must not read");
const GARBAGE = fromHex("c0ffee00c0ffee00c0ffee");

/** Returns a packet without its length, with any header. */
function sealed(header: number, contents: Uint8Array = CONTENTS, aad: Uint8Array = new Uint8Array(0)) {
  const cipher = createCipheriv("chacha20-poly1305", KEY, NONCE, { authTagLength: TAG_LENGTH });
  cipher.setAAD(aad, { plaintextLength: contents.length + 1 });
  const body = [cipher.update(Uint8Array.of(header)), cipher.update(contents), cipher.final()];
  return concat([...body, cipher.getAuthTag()]);
}

/** Expects these contents, and whether the packet is a decoy. */
function expectOpened(what: string, opened: unknown, contents: Uint8Array, ignore: boolean): void {
  const isOpened =
    typeof opened === "object" && opened !== null && "contents" in opened && "ignore" in opened;
  expectThat(
    isOpened,
    `${what}: expected an object with \`contents\` and \`ignore\`, got ${show(opened)}. Is a \`return\` missing?`,
  );
  const actual = opened;
  expectSameBytes(`${what}: the contents`, actual.contents, contents);
  expectEqual(`${what}: \`ignore\``, actual.ignore, ignore);
}

/** Returns what opening a packet gives that came with `aad`. */
function openedWithAad(open: () => unknown): unknown {
  try {
    return open();
  } catch (error) {
    if ((error as { code?: unknown }).code !== "BAD_TAG") throw error;
    throw new Mismatch(
      `a packet that was sealed with \`aad\` (${toHex(GARBAGE)}): expected it to be opened with the same \`aad\`, got the error BAD_TAG. Is \`setAAD(aad, …)\` called, and before \`update\`?`,
      { cause: error },
    );
  }
}

/** Returns the key and the nonce with which a published packet was sealed. */
function lockOf(vector: PublishedVector, number: number): [key: Uint8Array, nonce: Uint8Array] {
  let key: Uint8Array = fromHex(vector[`${vector.role}Packet`]);
  const rekeyings = Math.floor(number / REKEY_INTERVAL);
  for (let i = 0; i < rekeyings; i++) key = nextKey(key, BigInt(i));
  return [key, packetNonce(number % REKEY_INTERVAL, BigInt(rekeyings))];
}

export default defineExercise<Answer>({
  id: "openPacket",
  notebook: "11-noise",
  title: "Open a packet, or find out who touched it",
  points: 4,
  solution: openPacket,
  source: "transport/encrypted-packet.ts",
  randomArguments: (random) => [
    damaged(random, sealed(random.integer(0, 255), random.bytes(random.integer(0, 60)))),
    KEY,
    NONCE,
  ],
  hints: [
    "Take the packet apart first: the last 16 bytes are the tag, all before it is encrypted. Of what comes out, the first byte is the header and the rest the contents. Nothing of it may be believed before the tag was compared.",
    'Node does the work: `createDecipheriv("chacha20-poly1305", key, nonce, { authTagLength: 16 })`, then its methods `setAuthTag(tag)`, `setAAD(aad, { plaintextLength })`, `update(encrypted)` and `final()`, in this order. `final` throws if the tag does not fit. Bit 7 of the header is `0x80`: `(header & 0x80) !== 0`.',
    'In the middle of it:\n\n```ts\nconst end = sealed.length - 16;\nconst decipher = createDecipheriv("chacha20-poly1305", key, nonce, { authTagLength: 16 });\ndecipher.setAuthTag(sealed.subarray(end));\ndecipher.setAAD(aad, { plaintextLength: end });\nconst plaintext = decipher.update(sealed.subarray(0, end));\ndecipher.final();\n```\n\nPut the last four lines into a `try`; in its `catch` throw `new ProtocolError("BAD_TAG", …)`. Then return `plaintext.subarray(1)` as `contents`, and as `ignore` whether bit 7 of `plaintext[0]` is set.',
  ],
  checks: [
    {
      name: "The published packets are opened",
      run(answer) {
        for (const vector of PUBLISHED_VECTORS) {
          if (!vector.packet) continue;
          const { number, contents, bytes } = vector.packet;
          const packet = fromHex(bytes).subarray(LENGTH_LENGTH);
          const opened = answer(packet, ...lockOf(vector, number));
          expectOpened(`the published packet with number ${number}`, opened, fromHex(contents), false);
        }
      },
    },
    {
      name: "An empty packet has empty contents",
      run: (answer) =>
        expectOpened("an empty packet", answer(sealed(0, new Uint8Array(0)), KEY, NONCE), fromHex(""), false),
    },
    {
      name: "Bit 7 of the header makes a decoy, and no other bit does",
      run(answer) {
        for (const header of [IGNORE_BIT, 0xff, 0x01, 0x7f, 0x40]) {
          const what = `a packet with the header ${header.toString(16).padStart(2, "0")}`;
          expectOpened(what, answer(sealed(header), KEY, NONCE), CONTENTS, header >= IGNORE_BIT);
        }
      },
    },
    {
      name: "A changed bit is noticed, wherever it is",
      async run(answer) {
        const packet = sealed(0);
        for (const place of [0, 1, CONTENTS.length, CONTENTS.length + 1, packet.length - 1]) {
          const changed = packet.slice();
          changed[place] ^= 0x80;
          const when = `when the first bit of byte ${place} of ${packet.length} was changed`;
          await expectRefused(when, "BAD_TAG", () => answer(changed, KEY, NONCE));
        }
      },
    },
    {
      name: "Another packet's nonce or another key opens nothing",
      async run(answer) {
        const packet = sealed(0);
        const next = () => answer(packet, KEY, packetNonce(8, 0n));
        await expectRefused("for the nonce of the next packet", "BAD_TAG", next);
        await expectRefused("for the next key", "BAD_TAG", () => answer(packet, nextKey(KEY, 0n), NONCE));
      },
    },
    {
      name: "What is authenticated with the packet counts",
      async run(answer) {
        const first = sealed(0, CONTENTS, GARBAGE);
        const open = () => answer(first, KEY, NONCE, GARBAGE);
        expectOpened("a packet and its garbage", openedWithAad(open), CONTENTS, false);
        const without = "for a packet that came with garbage, when the garbage is missing";
        await expectRefused(without, "BAD_TAG", () => answer(first, KEY, NONCE));
        const changed = "for a packet that came with garbage, when a byte of the garbage is missing";
        await expectRefused(changed, "BAD_TAG", () => answer(first, KEY, NONCE, GARBAGE.subarray(1)));
      },
    },
    {
      name: "Fewer bytes than a tag has are refused like a wrong tag",
      async run(answer) {
        for (const length of [0, 5, 15]) {
          const refused = () => answer(sealed(0).subarray(0, length), KEY, NONCE);
          await expectRefused(`for ${length} bytes`, "BAD_TAG", refused);
        }
      },
    },
    {
      name: "A packet in the middle of other bytes is opened, and not changed",
      run(answer) {
        const packet = sealed(0);
        const view = embedded(packet);
        expectOpened("a view into a larger buffer", answer(view, KEY, NONCE), CONTENTS, false);
        expectUntouched("the packet", view, packet);
      },
    },
  ],
  wrongAnswers: wrongOpenings,
});
