/** 11-noise: the secret that both sides of a connection have, and nobody who listened. */
import { createHash } from "node:crypto";
import { concat, fromHex, toHex } from "../../wire/bytes";
import { expectThat, show } from "../../checks/expect";
import { KeyPair } from "../../transport/elligator-swift";
import { type Role, sharedSecret } from "../../transport/session-keys";
import { defineExercise } from "../../checks/exercise";
import { expectSameBytes, type Slip } from "../shared/byte-checks";
import { PUBLISHED_VECTORS, type PublishedVector } from "./published-vectors";

type Answer = typeof sharedSecret;

const TAG = "bip324_ellswift_xonly_ecdh";

function pairOf({ privateKey, ours }: PublishedVector): KeyPair {
  return KeyPair.fromPrivateKey(fromHex(privateKey), fromHex(ours));
}

/** Expects the published secrets for the keys of those who have this role. */
function givesPublished(role: Role): (answer: Answer) => void {
  return (answer) => {
    for (const vector of PUBLISHED_VECTORS.filter((one) => one.role === role)) {
      const what = `the secret of the ${role} whose key begins with ${vector.ours.slice(0, 8)}`;
      const [ours, theirs] = [pairOf(vector), fromHex(vector.theirs)];
      const secret = answer(ours, theirs, role);
      expectSameBytes(what, secret, fromHex(vector.secret), slipsOf(ours, theirs, role));
    }
  };
}

/** Returns what is likely to be hashed, or not hashed, instead of the right bytes. */
function slipsOf(ours: KeyPair, theirs: Uint8Array, role: Role): Slip[] {
  const [keys, x] = [inOrder(ours, theirs, role), ours.sharedX(theirs)];
  const turned = [...keys].reverse();
  return [
    [
      "the hash with the two keys the other way round: the key of the side that called comes first",
      () => tagged([...turned, x]),
    ],
    ["the hash with x before the keys", () => tagged([x, ...keys])],
    ["the hash with x between the keys", () => tagged([keys[0], x, keys[1]])],
    ["the hash of x alone, without the keys", () => tagged([x])],
    ["the hash of the keys alone, without x: everybody who listened has these", () => tagged(keys)],
    ["x itself, before it is hashed", () => x],
    ["the hash without the tag", () => sha256([...keys, x])],
    [
      "the hash after the text of the tag, and not after its hash, twice",
      () => sha256([Buffer.from(TAG), ...keys, x]),
    ],
  ];
}

function expectSecret(what: string, secret: unknown): asserts secret is Uint8Array {
  const isSecret = secret instanceof Uint8Array && secret.length === 32;
  expectThat(isSecret, `${what}: expected a Uint8Array of 32 bytes, got ${show(secret)}`);
}

const CALLER = "The published secret of the side that called";
const CALLED = "The published secret of the side that was called";
const BOTH = "Both sides get the same secret";
const ENCODING = "Another encoding of the same public key makes another secret";

export default defineExercise<Answer>({
  id: "sharedSecret",
  notebook: "11-noise",
  title: "A secret, agreed on in public",
  points: 3,
  solution: sharedSecret,
  source: "transport/session-keys.ts",
  hints: [
    "Both sides have to hash the very same bytes. Your own key is not the first of the two on both sides: whose is? `role` says which side you are.",
    '`taggedHash` of the cell above hashes a list of byte arrays after a text: `taggedHash("bip324_ellswift_xonly_ecdh", [initiatorsKey, respondersKey, x])`. `ours.publicKey` is one of the two keys, `theirPublicKey` the other, and `ours.sharedX(theirPublicKey)` is the x that both sides can compute.',
    'Put your own key first, and turn the two round if you were called:\n\n```ts\nconst publicKeys = [ours.publicKey, theirPublicKey];\nif (role === "responder") publicKeys.reverse();\n```\n\nThen hash them and the shared x with the tag: `[...publicKeys, ours.sharedX(theirPublicKey)]`.',
  ],
  checks: [
    { name: CALLER, run: givesPublished("initiator") },
    { name: CALLED, run: givesPublished("responder") },
    {
      name: BOTH,
      run(answer) {
        const [caller, called] = [KeyPair.generate(), KeyPair.generate()];
        const [first, second] = [
          answer(caller, called.publicKey, "initiator"),
          answer(called, caller.publicKey, "responder"),
        ];
        expectSecret("the initiator's secret", first);
        expectSameBytes("the responder's secret, compared with the initiator's", second, first);
      },
    },
    {
      name: ENCODING,
      run(answer) {
        const privateKey = fromHex(PUBLISHED_VECTORS[0].privateKey);
        const [one, other] = [KeyPair.fromPrivateKey(privateKey), KeyPair.fromPrivateKey(privateKey)];
        const theirs = KeyPair.generate().publicKey;
        const secrets = [one, other].map((pair) => {
          const secret = answer(pair, theirs, "initiator");
          expectSecret("a secret", secret);
          return toHex(secret);
        });
        expectThat(
          secrets[0] !== secrets[1],
          `two encodings of one public key: expected two secrets, got ${secrets[0]} for both. Are the 64 bytes hashed that were sent?`,
        );
      },
    },
  ],
  wrongAnswers: [
    {
      name: "hashes its own key first, whoever called",
      caughtBy: CALLED,
      answer: (ours, theirs) => sharedSecret(ours, theirs, "initiator"),
      message: /that is the hash with the two keys the other way round/,
    },
    {
      name: "does so, and so the sides disagree",
      caughtBy: BOTH,
      answer: (ours, theirs) => sharedSecret(ours, theirs, "initiator"),
    },
    {
      name: "hashes the responder's key first",
      caughtBy: CALLER,
      answer: (ours, theirs, role) =>
        sharedSecret(ours, theirs, role === "initiator" ? "responder" : "initiator"),
    },
    {
      name: "returns the x itself",
      caughtBy: ENCODING,
      answer: (ours, theirs) => ours.sharedX(theirs),
    },
    {
      name: "hashes the x alone",
      caughtBy: CALLER,
      answer: (ours, theirs) => tagged([ours.sharedX(theirs)]),
      message: /that is the hash of x alone/,
    },
    {
      name: "leaves the x out, so that everybody who listened has the secret",
      caughtBy: CALLER,
      answer: (ours, theirs, role) => tagged(inOrder(ours, theirs, role)),
    },
    {
      name: "hashes the x before the keys",
      caughtBy: CALLER,
      answer: (ours, theirs, role) => tagged([ours.sharedX(theirs), ...inOrder(ours, theirs, role)]),
    },
    {
      name: "hashes the tag's text instead of its hash",
      caughtBy: CALLED,
      answer: (ours, theirs, role) =>
        sha256([Buffer.from(TAG), ...inOrder(ours, theirs, role), ours.sharedX(theirs)]),
    },
    {
      name: "hashes without a tag",
      caughtBy: CALLER,
      answer: (ours, theirs, role) => sha256([...inOrder(ours, theirs, role), ours.sharedX(theirs)]),
      message: /that is the hash without the tag/,
    },
    {
      name: "returns hexadecimal text",
      caughtBy: CALLER,
      answer: (...args) => toHex(sharedSecret(...args)) as unknown as Uint8Array,
    },
  ],
});

function sha256(parts: readonly Uint8Array[]): Uint8Array {
  return createHash("sha256").update(concat(parts)).digest();
}

function tagged(parts: readonly Uint8Array[]): Uint8Array {
  const purpose = sha256([Buffer.from(TAG)]);
  return sha256([purpose, purpose, ...parts]);
}

function inOrder(ours: KeyPair, theirs: Uint8Array, role: Role): Uint8Array[] {
  return role === "initiator" ? [ours.publicKey, theirs] : [theirs, ours.publicKey];
}
