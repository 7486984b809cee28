/** 11-noise: one secret becomes the keys of a connection. */
import { hkdfSync } from "node:crypto";
import { concat, fromHex } from "../../wire/bytes";
import { expectThat, show } from "../../checks/expect";
import { MAGIC } from "../../wire/packet";
import { deriveKeys, type DirectionKeys, type SessionKeys } from "../../transport/session-keys";
import { defineExercise } from "../../checks/exercise";
import { expectSameBytes, type Slip } from "../shared/byte-checks";
import { PUBLISHED_VECTORS, type PublishedVector } from "./published-vectors";

type Answer = typeof deriveKeys;

/** In what a derivation differs from the right one. */
interface Changes {
  salt?: Uint8Array;
  digest?: string;
  info?: (info: string) => string;
}

const SALT_TEXT = Buffer.from("bitcoin_v2_shared_secret");
const SALT = concat([SALT_TEXT, MAGIC]);

const WITHOUT_MAGIC: Changes = { salt: SALT_TEXT };
const MAGIC_AS_TEXT: Changes = { salt: concat([SALT_TEXT, Buffer.from("f9beb4d9")]) };
const WITHOUT_SALT: Changes = { salt: new Uint8Array(0) };
const OTHER_HASH: Changes = { digest: "sha512" };
const OTHER_PURPOSE: Changes = { info: (info) => info.replace(/[LP]$/, (c) => (c === "L" ? "P" : "L")) };

/** Returns the keys that are published for a vector's secret. */
function publishedKeys(vector: PublishedVector): SessionKeys {
  const terminators = [vector.sendTerminator, vector.receiveTerminator].map(fromHex);
  if (vector.role === "responder") terminators.reverse();
  return {
    initiator: {
      length: fromHex(vector.initiatorLength),
      packet: fromHex(vector.initiatorPacket),
      terminator: terminators[0],
    },
    responder: {
      length: fromHex(vector.responderLength),
      packet: fromHex(vector.responderPacket),
      terminator: terminators[1],
    },
    sessionId: fromHex(vector.sessionId),
  };
}

/** Expects one of the keys of each direction, for each published secret. */
function givesPublished(name: keyof DirectionKeys): (answer: Answer) => void {
  return (answer) => {
    for (const vector of PUBLISHED_VECTORS) {
      const keys: unknown = answer(fromHex(vector.secret));
      for (const role of ["initiator", "responder"] as const) {
        const what = `${role}.${name}, of the secret ${vector.secret.slice(0, 8)}…`;
        const slips = slipsOf(fromHex(vector.secret), (made) => made[role][name]);
        expectSameBytes(what, directionIn(keys, role)[name], publishedKeys(vector)[role][name], slips);
      }
    }
  };
}

function directionIn(keys: unknown, role: "initiator" | "responder"): Record<string, unknown> {
  const direction = (keys as Record<string, unknown> | undefined)?.[role];
  const isThere = typeof direction === "object" && direction !== null;
  expectThat(
    isThere,
    `expected an object with \`initiator\`, \`responder\` and \`sessionId\`, got ${show(keys)}`,
  );
  return direction as Record<string, unknown>;
}

const LENGTHS = "The keys for lengths are the published ones";
const PACKETS = "The keys for packets are the published ones";
const TERMINATORS = "The terminators are the published ones: the initiator's is the first half";
const SESSION = "The session id is the published one";

export default defineExercise<Answer>({
  id: "deriveKeys",
  notebook: "11-noise",
  title: "One secret, seven keys",
  points: 3,
  solution: deriveKeys,
  source: "transport/session-keys.ts",
  randomArguments: (random) => [random.bytes(32)],
  hints: [
    "All of them are made in the same way, and only `info` differs. Write that one way down as a small function of `info`, and call it six times.",
    '`hkdfSync("sha256", secret, salt, info, 32)` gives an ArrayBuffer: `new Uint8Array(…)` around it makes bytes of it. The salt is the text and the four bytes of `MAGIC` behind each other: `concat([Buffer.from("bitcoin_v2_shared_secret"), MAGIC])`.',
    'The small function, and two of its uses:\n\n```ts\nconst derive = (info: string) => new Uint8Array(hkdfSync("sha256", secret, salt, info, 32));\nconst terminators = derive("garbage_terminators");\nconst initiator = {\n  length: derive("initiator_L"),\n  packet: derive("initiator_P"),\n  terminator: terminators.subarray(0, 16),\n};\n```\n\nThe responder\'s object is the same with `responder_L`, `responder_P` and `terminators.subarray(16)`. Return `{ initiator, responder, sessionId: derive("session_id") }`.',
  ],
  checks: [
    { name: LENGTHS, run: givesPublished("length") },
    { name: PACKETS, run: givesPublished("packet") },
    { name: TERMINATORS, run: givesPublished("terminator") },
    {
      name: SESSION,
      run(answer) {
        for (const vector of PUBLISHED_VECTORS) {
          const keys = answer(fromHex(vector.secret)) as SessionKeys | undefined;
          const what = `sessionId, of the secret ${vector.secret.slice(0, 8)}…`;
          const slips = slipsOf(fromHex(vector.secret), ({ sessionId }) => sessionId);
          expectSameBytes(what, keys?.sessionId, fromHex(vector.sessionId), slips);
        }
      },
    },
  ],
  wrongAnswers: [
    {
      name: "leaves the magic out of the salt",
      caughtBy: LENGTHS,
      answer: (secret) => derived(secret, WITHOUT_MAGIC),
      message: /that is what comes out without MAGIC in the salt/,
    },
    {
      name: "takes the magic as text",
      caughtBy: LENGTHS,
      answer: (secret) => derived(secret, MAGIC_AS_TEXT),
    },
    {
      name: "uses no salt",
      caughtBy: SESSION,
      answer: (secret) => derived(secret, WITHOUT_SALT),
    },
    {
      name: "takes another hash function",
      caughtBy: PACKETS,
      answer: (secret) => derived(secret, OTHER_HASH),
    },
    {
      name: "writes the name of the side in capitals",
      caughtBy: LENGTHS,
      answer: (secret) => derived(secret, { info: (info) => info.replace(/^[ir]/, (c) => c.toUpperCase()) }),
    },
    {
      name: "swaps the keys for lengths and for packets",
      caughtBy: PACKETS,
      answer: (secret) => derived(secret, OTHER_PURPOSE),
      message: /that is the key of the same side for the other purpose/,
    },
    {
      name: "swaps the sides",
      caughtBy: LENGTHS,
      answer(secret) {
        const { initiator, responder, sessionId } = deriveKeys(secret);
        return { initiator: responder, responder: initiator, sessionId };
      },
    },
    {
      name: "gives both sides the whole of the terminators",
      caughtBy: TERMINATORS,
      answer: (secret) => withTerminators(secret, (both) => [both, both]),
    },
    {
      name: "gives the initiator the second half",
      caughtBy: TERMINATORS,
      answer: (secret) => withTerminators(secret, (both) => [both.subarray(16), both.subarray(0, 16)]),
    },
    {
      name: "returns what hkdfSync gives, which are no bytes yet",
      caughtBy: SESSION,
      answer(secret) {
        const keys = deriveKeys(secret);
        return { ...keys, sessionId: keys.sessionId.buffer as unknown as Uint8Array };
      },
    },
    {
      name: "returns the keys of one side",
      caughtBy: LENGTHS,
      answer: (secret) => deriveKeys(secret).initiator as unknown as SessionKeys,
    },
  ],
});

/** Returns what likely mistakes make of a secret; `one` takes one key out of all. */
function slipsOf(secret: Uint8Array, one: (keys: SessionKeys) => Uint8Array): Slip[] {
  const slips: [what: string, changes: Changes, secret?: Uint8Array][] = [
    ["what comes out without MAGIC in the salt", WITHOUT_MAGIC],
    ["what comes out with MAGIC as text in the salt, and not as its four bytes", MAGIC_AS_TEXT],
    ["what comes out with MAGIC before the text in the salt", { salt: concat([MAGIC, SALT_TEXT]) }],
    ["what comes out without a salt", WITHOUT_SALT],
    ["what comes out with salt and secret swapped", { salt: secret }, SALT],
    ["what comes out with another hash than SHA-256", OTHER_HASH],
    ["the key of the same side for the other purpose: L is for lengths, P for packets", OTHER_PURPOSE],
    [
      "the key of the other side",
      {
        info: (info) =>
          info.replace(/^(initiator|responder)/, (side) =>
            side === "initiator" ? "responder" : "initiator",
          ),
      },
    ],
  ];
  return slips.map(([what, changes, from = secret]) => [what, () => one(derived(from, changes))]);
}

/** Returns keys that are derived in another way than the right one. */
function derived(secret: Uint8Array, { salt = SALT, digest = "sha256", info }: Changes): SessionKeys {
  const derive = (name: string) =>
    new Uint8Array(hkdfSync(digest, secret, salt, info ? info(name) : name, 32));
  const terminators = derive("garbage_terminators");
  const side = (role: string, terminator: Uint8Array) => ({
    length: derive(`${role}_L`),
    packet: derive(`${role}_P`),
    terminator,
  });
  return {
    initiator: side("initiator", terminators.subarray(0, 16)),
    responder: side("responder", terminators.subarray(16)),
    sessionId: derive("session_id"),
  };
}

function withTerminators(
  secret: Uint8Array,
  halves: (both: Uint8Array) => [initiator: Uint8Array, responder: Uint8Array],
): SessionKeys {
  const { initiator, responder, sessionId } = deriveKeys(secret);
  const [first, second] = halves(concat([initiator.terminator, responder.terminator]));
  return {
    initiator: { ...initiator, terminator: first },
    responder: { ...responder, terminator: second },
    sessionId,
  };
}
