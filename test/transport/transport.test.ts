/** The state machine of BIP 324, both sides of it, without a socket. */
import { inspect } from "node:util";
import {
  findTerminator,
  KeyPair,
  MAX_CONTENTS_LENGTH,
  MAX_GARBAGE_LENGTH,
  PacketSealer,
  REKEY_INTERVAL,
  deriveKeys,
  sharedSecret,
  Transport,
  type TransportOptions,
} from "@course/lib/transport";
import { concat, fromHex, OUR_VERSION, OUR_VERSION_MESSAGE, type Packet, toHex } from "@course/lib/wire";
import { describe, expect, test } from "vitest";
import { PACKET_VECTORS } from "./vectors";

/** Making a key takes longer than all else here. */
const [CALLER, PEER] = [KeyPair.generate(), KeyPair.generate()];
const NONE = new Uint8Array(0);
const VERSION = OUR_VERSION_MESSAGE.toBytes();
/** Without garbage, so that nothing is random but the keys. */
const initiator = (options: TransportOptions = {}) =>
  new Transport("initiator", { keyPair: CALLER, garbage: NONE, ...options });
const responder = (options: TransportOptions = {}) =>
  new Transport("responder", { keyPair: PEER, garbage: NONE, ...options });

/** Gives `to` the bytes in those chunks, and returns the messages. */
function deliver(bytes: Uint8Array, to: Transport, cuts: readonly number[] = []): Packet[] {
  const messages: Packet[] = [];
  const ends = [...cuts, bytes.length];
  ends.forEach((end, i) => {
    const chunk = Uint8Array.from(bytes.subarray(ends[i - 1] ?? 0, end));
    to.add(chunk);
    for (let message = to.next(); message; message = to.next()) messages.push(message);
    to.keep();
    chunk.fill(0); // a socket may read into the same memory again
  });
  return messages;
}

/** Sends all that both have to send, until they have nothing, and returns what each received. */
function exchange(a: Transport, b: Transport): { toA: Packet[]; toB: Packet[] } {
  const [toA, toB]: Packet[][] = [[], []];
  for (;;) {
    const [fromA, fromB] = [a.takeOutput(), b.takeOutput()];
    if (fromA.length + fromB.length === 0) return { toA, toB };
    toB.push(...deliver(fromA, b));
    toA.push(...deliver(fromB, a));
  }
}

const commands = (messages: readonly Packet[]) => messages.map(({ command }) => command);
const bytesOf = (length: number) => Uint8Array.from({ length }, (_, i) => i);

function connected(): [Transport, Transport] {
  const pair: [Transport, Transport] = [initiator(), responder()];
  exchange(...pair);
  return pair;
}

describe("two sides", () => {
  test("two sides exchange messages in both directions, with one session id", () => {
    const [a, b] = [initiator(), responder()];
    expect(a.protocol).toBeUndefined();
    a.send("version", VERSION);
    b.send("ping", bytesOf(8));
    const { toA, toB } = exchange(a, b);
    expect(toB).toMatchObject([{ command: "version" }]);
    expect(Buffer.compare(toB[0].payload, VERSION)).toBe(0);
    expect(toA).toMatchObject([{ command: "ping" }]);
    expect([a.protocol, b.protocol]).toEqual(["v2", "v2"]);
    expect(toHex(a.sessionId!)).toBe(toHex(b.sessionId!));
  });

  test("two sides with new keys share another secret than before", () => {
    const ids = [initiator({ keyPair: undefined }), initiator()].map((a) => {
      exchange(a, responder());
      return toHex(a.sessionId!);
    });
    expect(ids[0]).not.toBe(ids[1]);
  });

  test("two sides hide what they send: a version message is nowhere in the bytes, and neither is the magic", () => {
    const [a, b] = [initiator(), responder()];
    a.send("version", VERSION);
    const sent: Uint8Array[] = [a.takeOutput()];
    deliver(sent[0], b);
    deliver(b.takeOutput(), a);
    sent.push(a.takeOutput());
    const all = Buffer.from(concat(sent));
    expect(all.includes(Buffer.from("version"))).toBe(false);
    expect(all.includes(Buffer.from(OUR_VERSION_MESSAGE.userAgent))).toBe(false);
    // 64 of key, then 16 of terminator, an empty packet, and one of 1 + 12 + payload
    expect(all.length).toBe(64 + 16 + 20 + 20 + 13 + VERSION.length);
  });

  test("two sides understand each other after 224 packets, and after 448, when both have changed their keys", () => {
    const [a, b] = connected();
    for (let i = 1; i <= 2 * REKEY_INTERVAL + 2; i++) {
      a.send("ping", Uint8Array.of(i & 0xff));
      const [message] = deliver(a.takeOutput(), b);
      expect(message?.payload[0]).toBe(i & 0xff);
    }
  });

  test("two sides take decoys for nothing, before the version packet and after it", () => {
    const [a, b] = [initiator({ decoys: [bytesOf(3), NONE] }), responder({ decoys: [bytesOf(300)] })];
    exchange(a, b);
    b.sendDecoy(bytesOf(40));
    b.send("pong", bytesOf(8));
    expect(commands(exchange(a, b).toA)).toEqual(["pong"]);
  });

  test.each([0, 1, 15, 16, 17, MAX_GARBAGE_LENGTH])(
    "two sides find the end of %i bytes of garbage",
    (length) => {
      const [a, b] = [initiator({ garbage: bytesOf(length) }), responder({ garbage: bytesOf(length) })];
      a.send("verack");
      b.send("verack");
      const { toA, toB } = exchange(a, b);
      expect([commands(toA), commands(toB)]).toEqual([["verack"], ["verack"]]);
    },
  );

  test("two sides send random garbage of random lengths if none is given", () => {
    const lengths = Array.from(
      { length: 10 },
      () => new Transport("initiator", { keyPair: CALLER }).takeOutput().length - 64,
    );
    expect(new Set(lengths).size).toBeGreaterThan(1);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(MAX_GARBAGE_LENGTH);
  });

  test("two sides send 1,000 addresses and a message of the maximum length whole", () => {
    const [a, b] = connected();
    a.send("addr", new Uint8Array(30_003));
    a.send("block", new Uint8Array(4_000_000));
    expect(deliver(a.takeOutput(), b).map(({ payload }) => payload.length)).toEqual([30_003, 4_000_000]);
    expect(() => a.send("version", new Uint8Array(4_000_001))).toThrow(
      "expected a payload of at most 4000000 bytes",
    );
  });

  test("two sides ignore a message with a number that nobody has given out yet", () => {
    const [a, b] = connected();
    // A `Transport` only sends numbers that it knows, so the packet is sealed by hand.
    const sealer = sealerAfterHandshake();
    const packets = concat([sealer.seal(Uint8Array.of(29, 1, 2, 3)), sealer.seal(Uint8Array.of(19, 7))]);
    expect(commands(deliver(packets, a))).toEqual(["pong"]);
    expect(b.protocol).toBe("v2");
  });
});

/** What seals the packets of PEER to CALLER after the version packet. */
function sealerAfterHandshake(): PacketSealer {
  const sealer = new PacketSealer(deriveKeys(sharedSecret(PEER, CALLER.publicKey, "responder")).responder);
  sealer.seal(NONE);
  return sealer;
}

/** All that a responder sends to CALLER, with all that makes reading hard. */
function answer(garbage: Uint8Array): Uint8Array {
  const peer = responder({ garbage, decoys: [bytesOf(5), bytesOf(70)] });
  peer.send("version", VERSION);
  peer.send("ping", bytesOf(8));
  deliver(initiator().takeOutput(), peer);
  peer.sendDecoy(bytesOf(9));
  peer.send("verack");
  return peer.takeOutput();
}

describe("a stream in pieces", () => {
  const terminator = deriveKeys(sharedSecret(PEER, CALLER.publicKey, "responder")).responder.terminator;
  /** Garbage that holds the start of its terminator, three times, and ends with it. */
  const treacherous = concat([
    terminator.subarray(0, 15),
    terminator.subarray(0, 8),
    bytesOf(40),
    terminator.subarray(0, 1),
  ]);
  const expected = ["version", "ping", "verack"];

  test("an initiator reads the same messages, one byte at a time", () => {
    const bytes = answer(treacherous);
    const cuts = Array.from({ length: bytes.length - 1 }, (_, i) => i + 1);
    expect(commands(deliver(bytes, initiator(), cuts))).toEqual(expected);
  });

  test("an initiator reads the same messages from a stream that is cut in two anywhere", () => {
    const bytes = answer(treacherous);
    for (let cut = 1; cut < bytes.length; cut++) {
      expect(commands(deliver(bytes, initiator(), [cut])), `cut at ${cut}`).toEqual(expected);
    }
  });

  test("a responder reads the same messages, one byte at a time", () => {
    const [a, b] = [initiator({ garbage: treacherous }), responder()];
    a.send("version", VERSION);
    const first = a.takeOutput();
    const each = (bytes: Uint8Array) => Array.from({ length: bytes.length - 1 }, (_, i) => i + 1);
    deliver(first, b, each(first));
    deliver(b.takeOutput(), a);
    const second = a.takeOutput();
    expect(commands(deliver(second, b, each(second)))).toEqual(["version"]);
  });
});

describe("a responder that is sent v1", () => {
  test.each([[[]], [[1]], [[4]], [[15]], [[16]], [[17, 30]]])(
    "a responder that is sent v1 speaks v1, cut at %j",
    (cuts) => {
      const peer = responder();
      peer.send("verack");
      expect(commands(deliver(OUR_VERSION, peer, cuts))).toEqual(["version"]);
      expect(peer.protocol).toBe("v1");
      peer.send("pong", bytesOf(8));
      const reader = new Transport("responder", { keyPair: PEER });
      expect(commands(deliver(concat([OUR_VERSION, peer.takeOutput()]), reader))).toEqual([
        "version",
        "verack",
        "pong",
      ]);
    },
  );

  test("a responder sends no byte before it knows whether v1 or v2 is spoken", () => {
    const peer = responder();
    deliver(OUR_VERSION.subarray(0, 15), peer);
    expect(peer.takeOutput().length).toBe(0);
    expect(peer.protocol).toBeUndefined();
  });

  test("a responder answers a key that begins with the magic as a key", () => {
    const peer = responder();
    deliver(concat([OUR_VERSION.subarray(0, 15), Uint8Array.of(1)]), peer);
    expect(peer.takeOutput().length).toBe(64);
  });

  test("a responder that is sent v1 for another network refuses it", () => {
    const other = concat([fromHex("0b110907"), OUR_VERSION.subarray(4)]);
    expect(() => deliver(other, responder())).toThrow("magic: expected f9beb4d9, got 0b110907");
  });
});

test("an initiator whose peer speaks first, in v1, reads its message", () => {
  for (const cuts of [[], [3], [15], [16], [40]]) {
    const caller = initiator();
    expect(commands(deliver(OUR_VERSION, caller, cuts))).toEqual(["version"]);
    expect(caller.protocol).toBe("v1");
  }
});

describe("a stranger", () => {
  /** A responder's first bytes, and what comes after them. */
  const said = (garbage: Uint8Array) => {
    const peer = responder({ garbage });
    deliver(initiator().takeOutput(), peer);
    return peer.takeOutput();
  };
  const code = (action: () => unknown): string => {
    try {
      action();
    } catch (error) {
      return (error as { code: string }).code;
    }
    return "none";
  };

  test("a stranger who never ends the garbage is left after 4,111 bytes of it", () => {
    const key = said(NONE).subarray(0, 64);
    const caller = initiator();
    expect(deliver(concat([key, new Uint8Array(4110)]), caller)).toEqual([]);
    expect(code(() => deliver(Uint8Array.of(0), caller))).toBe("NO_TERMINATOR");
  });

  test("a stranger who sends 4,096 bytes of garbage, one too many, is left although the terminator follows", () => {
    const bytes = said(NONE);
    const late = concat([bytes.subarray(0, 64), new Uint8Array(4096), bytes.subarray(64)]);
    expect(code(() => deliver(late, initiator()))).toBe("NO_TERMINATOR");
  });

  test("a stranger who changes a byte of the garbage, the first packet or a message is found out", () => {
    const bytes = answer(bytesOf(30));
    for (const place of [64, 64 + 29, 64 + 30 + 16 + 3, bytes.length - 1]) {
      const changed = Uint8Array.from(bytes);
      changed[place] ^= 1;
      expect(
        code(() => deliver(changed, initiator())),
        `byte ${place}`,
      ).toBe("BAD_TAG");
    }
  });

  test("a stranger who announces more than the longest message is left before it arrives", () => {
    const [a] = connected();
    const length = sealerAfterHandshake().seal(new Uint8Array(0xff)).subarray(0, 3);
    length[2] ^= 0xff; // the length is a stream cipher's: its highest byte becomes 255
    expect(code(() => deliver(length, a))).toBe("OVERSIZED");
  });

  test("a stranger who sends decoys without end is left when they are longer than any message", () => {
    const [a, b] = connected();
    const half = new Uint8Array(MAX_CONTENTS_LENGTH / 2 + 1);
    b.sendDecoy(half);
    b.send("verack");
    b.sendDecoy(half); // the message between the two makes them harmless
    expect(commands(deliver(b.takeOutput(), a))).toEqual(["verack"]);
    b.sendDecoy(half);
    expect(code(() => deliver(b.takeOutput(), a))).toBe("OVERSIZED");
  });

  test.each([
    ["MALFORMED", NONE],
    ["MALFORMED", Uint8Array.of(0, ...Buffer.from("version"))],
    ["BAD_COMMAND", Uint8Array.of(0, ...Buffer.from("ver\0ion\0\0\0\0\0"))],
  ])("a stranger is told %s for contents that are no message", (expected, contents) => {
    const [a] = connected();
    expect(code(() => deliver(sealerAfterHandshake().seal(contents), a))).toBe(expected);
  });
});

describe("secrets", () => {
  test("secrets are in no output of inspect(), and in no error", () => {
    const vector = PACKET_VECTORS[0];
    const [secret, publicKey] = [fromHex(vector.in_priv_ours), fromHex(vector.in_ellswift_ours)];
    const keyPair = KeyPair.fromPrivateKey(secret, publicKey);
    const caller = initiator({ keyPair });
    const peer = responder();
    exchange(caller, peer);
    const keys = deriveKeys(sharedSecret(keyPair, PEER.publicKey, "initiator"));
    const texts = [caller, keyPair, new PacketSealer(keys.initiator)].map((object) =>
      inspect(object, { depth: Infinity, showHidden: true, maxArrayLength: Infinity, getters: true }),
    );
    texts.push(JSON.stringify(caller), JSON.stringify(keyPair));
    try {
      deliver(new Uint8Array(19), caller);
    } catch (error) {
      texts.push(inspect(error, { depth: Infinity, showHidden: true, maxArrayLength: Infinity }));
    }
    const secrets = [
      secret,
      ...Object.values(keys.initiator),
      ...Object.values(keys.responder),
    ] as Uint8Array[];
    for (const text of texts) {
      for (const bytes of secrets) {
        const forms = [
          toHex(bytes),
          toHex(bytes).replace(/(..)(?=.)/g, "$1 "),
          bytes.join(","),
          bytes.join(", "),
        ];
        for (const form of forms) expect(text.replace(/\s+/g, " ")).not.toContain(form);
      }
    }
  });

  test("a private key that is none is refused without being shown", () => {
    const make = () => KeyPair.fromPrivateKey(new Uint8Array(32).fill(0xff));
    expect(make).toThrow("expected a private key of secp256k1");
    expect(make).not.toThrow("ff");
    const vector = PACKET_VECTORS[0];
    const other = () =>
      KeyPair.fromPrivateKey(fromHex(vector.in_priv_ours), fromHex(vector.in_ellswift_theirs));
    expect(other).toThrow("expected the public key of that private key");
  });
});

test("findTerminator() finds a terminator that begins in what was searched before", () => {
  const terminator = bytesOf(16);
  const received = concat([new Uint8Array(20).fill(255), terminator]);
  expect(findTerminator(received.subarray(0, 30), terminator)).toBeUndefined();
  expect(findTerminator(received, terminator, 30)).toBe(20);
});

test("a transport of which more is asked than BIP 324 allows says so", () => {
  expect(() => initiator({ garbage: new Uint8Array(4096) })).toThrow(
    "expected at most 4095 bytes of garbage, got 4096",
  );
  expect(() => initiator().sendDecoy(NONE)).toThrow("expected keys to send a decoy with");
  expect(() => initiator().send("far too long a command")).toThrow("at most 12 ASCII characters");
  const [a] = connected();
  expect(() => a.sendDecoy(new Uint8Array(2 ** 24))).toThrow("expected contents of at most 16777215 bytes");
});
