import { expect, test } from "vitest";
import { BitnodesError } from "@course/lib/bitnodes";
import { PEER_ERRORS, PeerError } from "@course/lib/peer";
import { PROTOCOL_ERRORS, ProtocolError } from "@course/lib/wire";

// Crawls count their failures by these codes, also in files that learners keep.
test("the codes of PeerError and ProtocolError are not renamed", () => {
  expect(Object.keys(PEER_ERRORS)).toEqual(
    expect.arrayContaining(["CONNECT_TIMEOUT", "ANSWER_TIMEOUT", "REFUSED", "CLOSED", "UNREACHABLE"]),
  );
  expect(Object.keys(PROTOCOL_ERRORS)).toEqual(
    expect.arrayContaining(["BAD_MAGIC", "BAD_COMMAND", "BAD_CHECKSUM", "OVERSIZED", "MALFORMED"]),
  );
});

test("a PeerError has its code, its message and the error of Node.js", () => {
  const cause = new Error("connect ECONNREFUSED");
  const error = new PeerError("REFUSED", PEER_ERRORS.REFUSED, { cause });
  expect(error).toBeInstanceOf(Error);
  expect(error).toMatchObject({ name: "PeerError", code: "REFUSED", cause });
  expect(String(error)).toBe("PeerError: no program listens at that address");
});

test("a ProtocolError has its code and its message", () => {
  const error = new ProtocolError("BAD_MAGIC", "magic: expected f9beb4d9, got 0b110907");
  expect(error).toBeInstanceOf(Error);
  expect(error).toMatchObject({ name: "ProtocolError", code: "BAD_MAGIC" });
  expect(String(error)).toBe("ProtocolError: magic: expected f9beb4d9, got 0b110907");
});

test("a BitnodesError has the status and the time to wait, if there were any", () => {
  expect(new BitnodesError("busy", 429, 60)).toMatchObject({
    name: "BitnodesError",
    status: 429,
    retryAfterSeconds: 60,
  });
  expect(new BitnodesError("not a snapshot").status).toBeUndefined();
});
