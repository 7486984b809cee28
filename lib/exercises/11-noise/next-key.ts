/** 11-noise: the key that follows a key, from which no way leads back. */
import { createCipheriv, createHash } from "node:crypto";
import { concat, fromHex } from "../../wire/bytes";
import { expectThat, show } from "../../checks/expect";
import { LENGTH_LENGTH, openPacket, PacketSealer } from "../../transport/encrypted-packet";
import { nextKey, packetNonce, REKEY_INTERVAL, REKEY_NUMBER } from "../../transport/forward-secure";
import { defineExercise } from "../../checks/exercise";
import { expectSameBytes, expectUntouched, type Slip, slipText } from "../shared/byte-checks";
import { PUBLISHED_VECTORS } from "./published-vectors";
import { bits64 } from "../shared/random-input";

type Answer = typeof nextKey;

const KEY = fromHex(PUBLISHED_VECTORS[0].initiatorPacket);

/** Returns the key after so many changes. */
function keyAfter(answer: Answer, key: Uint8Array, changes: number): Uint8Array {
  for (let i = 0; i < changes; i++) {
    key = answer(key.slice(), BigInt(i));
    expectKey(`the key after ${i + 1} ${i === 0 ? "change" : "changes"}`, key);
  }
  return key;
}

/** What likely mistakes make of KEY, at its first change. */
const SLIPS: readonly Slip[] = [
  ["the key of one change later: `rekeyings` is how many there were before this one", () => nextKey(KEY, 1n)],
  ["the old key", () => KEY],
  ["what comes out with the nonce of the next packet", () => encrypted(KEY, packetNonce(REKEY_INTERVAL, 0n))],
  ["what comes out with the nonce of the first packet", () => encrypted(KEY, packetNonce(0, 0n))],
  [
    "what comes out of the old key instead of zeros",
    () => encrypted(KEY, packetNonce(REKEY_NUMBER, 0n), KEY),
  ],
  ["the SHA-256 of the old key", () => createHash("sha256").update(KEY).digest()],
];

/** The published packet with the highest number: the key was changed several times before it. */
const LATE = PUBLISHED_VECTORS.find(({ packet }) => packet && packet.number >= REKEY_INTERVAL)!;

const FIRST = "The key after the first 224 packets opens the next one";
const PUBLISHED = "After four changes the key opens the published packet with number 999";
const LENGTH = "A key has 32 bytes, and the old one is not changed";
const NUMBER = "The number of earlier changes counts";

export default defineExercise<Answer>({
  id: "nextKey",
  notebook: "11-noise",
  title: "A key that forgets the one before it",
  points: 3,
  solution: nextKey,
  source: "transport/forward-secure.ts",
  randomArguments: (random) => [random.bytes(32), bits64(random) >> 32n],
  hints: [
    "The next key is made by the old one: it encrypts 32 bytes that are all 0, and what comes out is the key. With which nonce, so that it is not the nonce of a packet?",
    '`packetNonce(REKEY_NUMBER, rekeyings)` is that nonce: `ff ff ff ff` in the place of a packet\'s number, and behind it how many changes there were before. The cipher is that of the packets, `createCipheriv("chacha20-poly1305", …)`. Its tag is not needed.',
    'Two steps:\n\n```ts\nconst nonce = packetNonce(REKEY_NUMBER, rekeyings);\nconst cipher = createCipheriv("chacha20-poly1305", key, nonce, { authTagLength: 16 });\n```\n\nThen `cipher.update(new Uint8Array(32))` gives the 32 bytes to return.',
  ],
  checks: [
    {
      name: FIRST,
      run(answer) {
        const sealer = new PacketSealer({ length: KEY, packet: KEY, terminator: new Uint8Array(16) });
        for (let i = 0; i < REKEY_INTERVAL; i++) sealer.seal(new Uint8Array(0));
        const packet = sealer.seal(Buffer.from("the 225th")).subarray(LENGTH_LENGTH);
        const key = answer(KEY.slice(), 0n);
        expectOpens("the packet after the first 224", packet, key, packetNonce(0, 1n), SLIPS);
      },
    },
    {
      name: PUBLISHED,
      run(answer) {
        const { number, bytes } = LATE.packet!;
        const changes = Math.floor(number / REKEY_INTERVAL);
        const key = keyAfter(answer, fromHex(LATE[`${LATE.role}Packet`]), changes);
        const nonce = packetNonce(number % REKEY_INTERVAL, BigInt(changes));
        expectOpens(`the published packet ${number}`, fromHex(bytes).subarray(LENGTH_LENGTH), key, nonce);
      },
    },
    {
      name: NUMBER,
      run(answer) {
        const expected = nextKey(KEY, 0x0102030405n);
        const what = "the key that follows when there were 4,328,719,365 changes before";
        expectSameBytes(what, answer(KEY.slice(), 0x0102030405n), expected);
      },
    },
    {
      name: LENGTH,
      run(answer) {
        const before = KEY.slice();
        const key = answer(before, 0n);
        expectSameBytes("the next key", key, nextKey(KEY, 0n));
        expectUntouched("the old key", before, KEY);
      },
    },
  ],
  wrongAnswers: [
    {
      name: "hashes the old key",
      caughtBy: FIRST,
      answer: (key) => createHash("sha256").update(key).digest(),
    },
    { name: "keeps the key", caughtBy: PUBLISHED, answer: (key) => key },
    {
      name: "encrypts the key instead of zeros",
      caughtBy: FIRST,
      answer: (key, rekeyings) => encrypted(key, packetNonce(REKEY_NUMBER, rekeyings), key),
    },
    {
      name: "takes the nonce of the next packet",
      caughtBy: FIRST,
      answer: (key, rekeyings) => encrypted(key, packetNonce(REKEY_INTERVAL, rekeyings)),
    },
    {
      name: "takes the nonce of the first packet",
      caughtBy: PUBLISHED,
      answer: (key, rekeyings) => encrypted(key, packetNonce(0, rekeyings)),
    },
    {
      name: "counts this change with the earlier ones",
      caughtBy: FIRST,
      answer: (key, rekeyings) => nextKey(key, rekeyings + 1n),
      message: /got one that does not: that is the key of one change later/,
    },
    {
      name: "takes every change for the first",
      caughtBy: PUBLISHED,
      answer: (key) => nextKey(key, 0n),
    },
    {
      name: "has room for a byte of the number of changes",
      caughtBy: NUMBER,
      answer: (key, rekeyings) => nextKey(key, rekeyings & 0xffn),
    },
    {
      name: "returns the tag as well",
      caughtBy: LENGTH,
      answer: (key, rekeyings) => concat([nextKey(key, rekeyings), new Uint8Array(16)]),
    },
    {
      name: "overwrites the old key",
      caughtBy: LENGTH,
      answer(key, rekeyings) {
        key.set(nextKey(key, rekeyings));
        return key;
      },
    },
  ],
});

/** Expects that a packet is opened by a key. */
function expectOpens(
  what: string,
  packet: Uint8Array,
  key: unknown,
  nonce: Uint8Array,
  slips: readonly Slip[] = [],
): void {
  expectKey(what, key);
  try {
    openPacket(packet, key, nonce);
  } catch {
    expectThat(false, `${what}: expected the key to open it, got one that does not${slipText(key, slips)}`);
  }
}

function expectKey(what: string, key: unknown): asserts key is Uint8Array {
  const got = key instanceof Uint8Array ? `one of ${key.length}` : show(key);
  expectThat(
    key instanceof Uint8Array && key.length === 32,
    `${what}: expected a key of 32 bytes, got ${got}`,
  );
}

function encrypted(key: Uint8Array, nonce: Uint8Array, text: Uint8Array = new Uint8Array(32)): Uint8Array {
  return createCipheriv("chacha20-poly1305", key, nonce, { authTagLength: 16 }).update(text);
}
