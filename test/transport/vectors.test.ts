/** The published vectors of BIP 324, every one. */
import {
  decodeKey,
  deriveKeys,
  KeyPair,
  LENGTH_LENGTH,
  PACKET_OVERHEAD,
  PacketOpener,
  PacketSealer,
  sharedSecret,
  TERMINATOR_LENGTH,
} from "@course/lib/transport";
import { concat, fromHex, toHex } from "@course/lib/wire";
import { describe, expect, test } from "vitest";
import { DECODE_VECTORS, INVERSE_VECTORS, PACKET_VECTORS } from "./vectors";

test("The published vectors are all there", () => {
  expect([DECODE_VECTORS.length, INVERSE_VECTORS.length, PACKET_VECTORS.length]).toEqual([76, 32, 7]);
});

test("64 bytes stand for the x coordinate that BIP 324 publishes for them", () => {
  for (const { ellswift, x, comment } of DECODE_VECTORS) {
    expect(toHex(decodeKey(fromHex(ellswift))), comment).toBe(x);
  }
});

test("Each of the encodings that BIP 324 publishes for an x coordinate stands for it", () => {
  let encodings = 0;
  for (const { u, x, comment, ...cases } of INVERSE_VECTORS) {
    for (const t of Object.values(cases).filter((value) => value !== "")) {
      expect(toHex(decodeKey(fromHex(u + t))), comment).toBe(x);
      encodings++;
    }
  }
  expect(encodings).toBeGreaterThan(60);
});

describe.each(PACKET_VECTORS)("the published packet $in_idx", (vector) => {
  const role = vector.in_initiating === "1" ? "initiator" : "responder";
  const pair = () => KeyPair.fromPrivateKey(fromHex(vector.in_priv_ours), fromHex(vector.in_ellswift_ours));
  const theirs = fromHex(vector.in_ellswift_theirs);
  const session = () => deriveKeys(sharedSecret(pair(), theirs, role));

  test(`both sides get the published x coordinates and secret of packet ${vector.in_idx}`, () => {
    expect(toHex(decodeKey(pair().publicKey))).toBe(vector.mid_x_ours);
    expect(toHex(decodeKey(theirs))).toBe(vector.mid_x_theirs);
    expect(toHex(pair().sharedX(theirs))).toBe(vector.mid_x_shared);
    expect(toHex(sharedSecret(pair(), theirs, role))).toBe(vector.mid_shared_secret);
  });

  test(`all keys and terminators of packet ${vector.in_idx} are the published ones`, () => {
    const keys = session();
    const { [role]: own, [role === "initiator" ? "responder" : "initiator"]: other } = keys;
    expect(toHex(keys.initiator.length)).toBe(vector.mid_initiator_l);
    expect(toHex(keys.initiator.packet)).toBe(vector.mid_initiator_p);
    expect(toHex(keys.responder.length)).toBe(vector.mid_responder_l);
    expect(toHex(keys.responder.packet)).toBe(vector.mid_responder_p);
    expect(toHex(own.terminator)).toBe(vector.mid_send_garbage_terminator);
    expect(toHex(other.terminator)).toBe(vector.mid_recv_garbage_terminator);
    expect(own.terminator.length).toBe(TERMINATOR_LENGTH);
    expect(toHex(keys.sessionId)).toBe(vector.out_session_id);
  });

  test(`packet ${vector.in_idx}, after so many others, is sealed as published, and opened again`, () => {
    const keys = session()[role];
    const [sealer, opener] = [new PacketSealer(keys), new PacketOpener(keys)];
    const open = (packet: Uint8Array, aad?: Uint8Array) => {
      const length = opener.openLength(packet.subarray(0, LENGTH_LENGTH));
      expect(packet.length).toBe(LENGTH_LENGTH + length + PACKET_OVERHEAD);
      return opener.open(packet.subarray(LENGTH_LENGTH), aad);
    };
    for (let i = 0; i < Number(vector.in_idx); i++) open(sealer.seal(new Uint8Array(0)));

    const contents = concat(Array(Number(vector.in_multiply)).fill(fromHex(vector.in_contents)));
    const [aad, ignore] = [fromHex(vector.in_aad), vector.in_ignore === "1"];
    const packet = sealer.seal(contents, { aad, ignore });
    if (vector.out_ciphertext) expect(toHex(packet)).toBe(vector.out_ciphertext);
    else expect(toHex(packet).endsWith(vector.out_ciphertext_endswith)).toBe(true);

    const opened = open(packet, aad);
    expect(opened.ignore).toBe(ignore);
    expect(Buffer.compare(opened.contents, contents)).toBe(0);
  });
});
