import net from "node:net";
import { expect, test } from "vitest";
import { BitnodesError } from "@course/lib/bitnodes";
import { PEER_ERRORS, PeerError, toPeerError } from "@course/lib/peer";
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

// These were UNREACHABLE, as if the peer were the cause.
test.each(["EADDRNOTAVAIL", "EADDRINUSE", "ENOBUFS", "ENOMEM", "EAGAIN", "EPERM", "EACCES", "ENETDOWN"])(
  "%s is this computer's trouble, and not the peer's",
  (code) => {
    const cause = Object.assign(new Error(`connect ${code} 1.2.3.4:8333`), { code });
    const error = toPeerError(cause);
    expect(error).toMatchObject({ name: "PeerError", code: "LOCAL_TROUBLE", cause });
    expect(error.message).toMatch(
      /^this computer could not call: .*fewer calls.*\(connect E.* 1\.2\.3\.4:8333\)$/,
    );
  },
);

test.each(["EHOSTUNREACH", "ENETUNREACH", "ENOTFOUND", "EAFNOSUPPORT", "ERR_SOCKET_BAD_PORT"])(
  "%s stays UNREACHABLE: the address cannot be called from here",
  (code) => {
    expect(toPeerError(Object.assign(new Error(code), { code })).code).toBe("UNREACHABLE");
  },
);

// "That address cannot be reached", it said of a socket that had been there.
test("a write to a socket that is closed says that the connection is", async () => {
  const socket = new net.Socket();
  socket.destroy();
  const cause = await new Promise((resolve) => socket.write("late", resolve));
  expect(toPeerError(cause).code).toBe("CLOSED");
});

test("an error that somebody has given one of our codes keeps it", () => {
  const cause = Object.assign(new Error("the peer hung up"), { code: "CLOSED" });
  expect(toPeerError(cause)).toMatchObject({ name: "PeerError", code: "CLOSED", cause });
});
