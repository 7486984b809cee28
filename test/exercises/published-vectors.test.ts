/** The vectors that checks of lesson eleven use are the published ones. */
import { PUBLISHED_VECTORS } from "@course/lib/exercises";
import { expect, test } from "vitest";
import { PACKET_VECTORS } from "../transport/vectors";

test.each(PUBLISHED_VECTORS)("What a check knows of the key $ours is in the published file", (vector) => {
  const row = PACKET_VECTORS.find(({ in_ellswift_ours }) => in_ellswift_ours === vector.ours)!;
  expect({ ...vector, packet: undefined }).toEqual({
    role: row.in_initiating === "1" ? "initiator" : "responder",
    privateKey: row.in_priv_ours,
    ours: row.in_ellswift_ours,
    theirs: row.in_ellswift_theirs,
    secret: row.mid_shared_secret,
    initiatorLength: row.mid_initiator_l,
    initiatorPacket: row.mid_initiator_p,
    responderLength: row.mid_responder_l,
    responderPacket: row.mid_responder_p,
    sendTerminator: row.mid_send_garbage_terminator,
    receiveTerminator: row.mid_recv_garbage_terminator,
    sessionId: row.out_session_id,
    packet: undefined,
  });
  const { number = Number(row.in_idx), contents = row.in_contents, bytes } = vector.packet ?? {};
  expect({ number, contents }).toEqual({ number: Number(row.in_idx), contents: row.in_contents });
  if (bytes !== undefined) expect({ bytes, aad: "" }).toEqual({ bytes: row.out_ciphertext, aad: row.in_aad });
});

test("Both sides and a packet after several changes of the key are among the vectors of the checks", () => {
  expect(new Set(PUBLISHED_VECTORS.map(({ role }) => role)).size).toBe(2);
  expect(PUBLISHED_VECTORS.some(({ packet }) => packet && packet.number > 448)).toBe(true);
});
