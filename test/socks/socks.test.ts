import {
  connectRequest,
  credentialsMessage,
  errorOfReply,
  helloMessage,
  replyMessage,
  SocksClient,
  SocksError,
  SocksServer,
} from "@course/lib/socks";
import { concat, fromHex, toHex } from "@course/lib/wire";
import { describe, expect, test } from "vitest";

const ONION = "pg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscryd.onion";
const ONION_HEX = Buffer.from(ONION).toString("hex");
const OURS = { username: "us", password: "secret" };

// RFC 1928, sections 3 to 6, and RFC 1929.
describe("the three messages of a client", () => {
  test.each([
    ["helloMessage() that offers no name", helloMessage(undefined), "050100"],
    ["helloMessage() that offers none, or a name and a password", helloMessage(OURS), "05020002"],
    ["credentialsMessage()", credentialsMessage(OURS), "01027573 06736563726574"],
    ["connectRequest() of an onion", connectRequest([ONION, 8333]), `050100033e${ONION_HEX}208d`],
    ["connectRequest() of port 0", connectRequest(["a.b32.i2p", 0]), "0501000309612e6233322e6932700000"],
  ])("the message of %s is the published one", (_, bytes, hex) =>
    expect(toHex(bytes)).toBe(hex.replaceAll(" ", "")),
  );

  test("connectRequest() takes a name of 255 characters, and refuses what does not fit into the message", () => {
    expect(connectRequest(["a".repeat(255), 1])).toHaveLength(5 + 255 + 2);
    for (const host of ["", "a".repeat(256), "ä.onion", "a b.onion", "a\0.onion"]) {
      expect(() => connectRequest([host, 1])).toThrow(RangeError);
    }
    for (const port of [-1, 65_536, 0.5]) expect(() => connectRequest(["a.onion", port])).toThrow(RangeError);
  });

  test("credentialsMessage() refuses what is empty or longer than 255 bytes", () => {
    for (const password of ["", "ä".repeat(128)]) {
      expect(() => credentialsMessage({ username: "us", password })).toThrow(RangeError);
    }
  });
});

/** Gives the bytes to a client piece by piece, and returns it with all that it has sent. */
function talkTo(client: SocksClient, pieces: Iterable<Uint8Array>): { client: SocksClient; sent: string } {
  const sent = [client.takeOutput()];
  for (const piece of pieces) {
    const copy = Uint8Array.from(piece);
    client.add(copy);
    copy.fill(0xee); // a socket's buffer is used again
    sent.push(client.takeOutput());
  }
  return { client, sent: toHex(concat(sent)) };
}

const singleBytes = (bytes: Uint8Array) => [...bytes].map((byte) => Uint8Array.of(byte));
const REQUEST = toHex(connectRequest([ONION, 8333]));
/** What proxies answer to a hello, and to a request, with the address from which they have connected. */
const CHOICES = [
  ["a proxy that wants no name", "0500", "05020002"],
  ["a proxy that wants a name", "0502 0100", `05020002${toHex(credentialsMessage(OURS))}`],
  // Some proxies answer a name and a password with the version of SOCKS.
  ["a proxy that answers a name with a 5", "0502 0500", `05020002${toHex(credentialsMessage(OURS))}`],
] as const;
const SUCCESSES = [
  ["an IPv4 address", "05000001 00000000 0000"],
  ["an IPv6 address", "05000004 20010db8000000000000000000000001 208d"],
  ["a name", "05000003 03 61 2e 62 208d"],
  ["a name of no characters", "05000003 00 0000"],
] as const;

describe.each(CHOICES)("a client of %s", (proxy, choice, opening) => {
  test.each(SUCCESSES)(
    `a client of ${proxy} is connected when the reply has %s, however the bytes are cut`,
    (_, reply) => {
      const bytes = fromHex((choice + reply).replaceAll(" ", ""));
      const rest = fromHex("f9beb4d9");
      for (const pieces of [[concat([bytes, rest])], singleBytes(concat([bytes, rest])), [bytes, rest]]) {
        const { client, sent } = talkTo(new SocksClient([ONION, 8333], OURS), pieces);
        expect(client.isOver).toBe(true);
        expect(sent).toBe(opening + REQUEST);
        expect(toHex(client.takeRest())).toBe("f9beb4d9");
      }
    },
  );

  test.each(SUCCESSES)(
    `a client of ${proxy} is not connected as long as a byte of a reply with %s is missing`,
    (_, reply) => {
      const bytes = fromHex((choice + reply).replaceAll(" ", ""));
      for (let length = 0; length < bytes.length; length++) {
        const { client } = talkTo(new SocksClient([ONION, 8333], OURS), [bytes.subarray(0, length)]);
        expect(client.isOver).toBe(false);
        expect(client.isAsking).toBe(length >= choice.replaceAll(" ", "").length / 2);
      }
    },
  );
});

/** Returns the code and the message of what a client throws. */
function failureOf(hex: string, credentials = true): [code: string, message: string] {
  try {
    talkTo(new SocksClient([ONION, 8333], credentials ? OURS : undefined), [
      fromHex(hex.replaceAll(" ", "")),
    ]);
  } catch (error) {
    const { code, message } = error as SocksError;
    return [code, message];
  }
  throw new Error("expected an error");
}

test.each([
  [0x01, "PROXY_FAILED", "general failure"],
  [0x02, "PROXY_FORBIDS", "not allowed by its rules"],
  [0x03, "UNREACHABLE", "network unreachable"],
  [0x04, "UNREACHABLE", "host unreachable"],
  [0x05, "REFUSED", "connection refused"],
  [0x06, "CONNECT_TIMEOUT", "TTL expired"],
  [0x07, "PROXY_FORBIDS", "command not supported"],
  [0x08, "PROXY_FORBIDS", "address type not supported"],
  // https://spec.torproject.org/socks-extensions.html
  [0xf0, "ONION_NOT_FOUND", "descriptor not found"],
  [0xf1, "ONION_INVALID", "descriptor is invalid"],
  [0xf2, "ONION_FAILED", "introduction failed"],
  [0xf3, "ONION_FAILED", "rendezvous failed"],
  [0xf4, "ONION_PRIVATE", "client authorization is missing"],
  [0xf5, "ONION_PRIVATE", "client authorization is wrong"],
  [0xf6, "ONION_INVALID", "no such onion address can exist"],
  [0xf7, "ONION_FAILED", "introduction timed out"],
  [0x09, "PROXY_FAILED", "no meaning is assigned to that"],
])("a proxy's reply 0x%i is the error %s: %s", (reply, code, meaning) => {
  const [got, message] = failureOf(`0500${toHex(replyMessage(reply))}`);
  expect(got).toBe(code);
  expect(message).toBe(`the proxy replies 0x${reply.toString(16).padStart(2, "0")}: ${meaning}`);
  expect(errorOfReply(reply)).toMatchObject({ code, message });
});

test.each([
  ["an HTTP proxy", "485454502f312e31", "PROXY_MALFORMED", /expected 5 of a SOCKS5 proxy, got 0x48/],
  ["a node of Bitcoin", "f9beb4d9", "PROXY_MALFORMED", /got 0xf9/],
  ["a SOCKS4 proxy", "005b", "PROXY_MALFORMED", /got 0x00/],
  ["no way to identify", "05ff", "PROXY_AUTH", /wants a name and a password/],
  ["GSSAPI", "0501", "PROXY_AUTH", /another way to identify/],
  ["a refused name", "05020101", "PROXY_AUTH", /does not accept that name and password/],
  ["garbage in place of an answer to a name", "050248", "PROXY_MALFORMED", undefined],
  ["garbage in place of a reply", "050048545450", "PROXY_MALFORMED", /got 0x48/],
  [
    "a reply with an address of no known type",
    "050005000002",
    "PROXY_MALFORMED",
    /address type of 1, 3 or 4/,
  ],
] as const)("a client that gets %s fails with %s", (_, hex, code, message) => {
  // What is not complete yet is no failure yet.
  const bytes = hex === "050248" ? "05024800" : hex;
  const [got, said] = failureOf(bytes);
  expect(got).toBe(code);
  if (message) expect(said).toMatch(message);
});

test("a client without a name says what to do when the proxy wants one", () => {
  expect(failureOf("0502", false)).toEqual([
    "PROXY_AUTH",
    expect.stringMatching(/socks5:\/\/name:password@/),
  ]);
});

describe("the proxy's side", () => {
  /** Gives the bytes to a server piece by piece, and returns it with all that it has sent. */
  function serve(pieces: Iterable<Uint8Array>): { server: SocksServer; sent: string } {
    const server = new SocksServer();
    const sent: Uint8Array[] = [];
    for (const piece of pieces) {
      server.add(Uint8Array.from(piece));
      sent.push(server.takeOutput());
    }
    return { server, sent: toHex(concat(sent)) };
  }

  test("a SocksServer reads what our client sends, with and without a name, however it is cut", () => {
    for (const credentials of [OURS, undefined]) {
      const client = new SocksClient([ONION, 8333], credentials);
      const { sent } = talkTo(client, [fromHex(credentials ? "05020100" : "0500")]);
      for (const pieces of [[fromHex(sent)], singleBytes(fromHex(sent))]) {
        const { server, sent: answer } = serve(pieces);
        expect(answer).toBe(credentials ? "05020100" : "0500");
        expect(server).toMatchObject({ credentials, request: { command: 1, host: ONION, port: 8333 } });
      }
    }
  });

  test.each([
    ["an IPv4 address", "05010001 7f000001 208d", { hostType: 1, host: "127.0.0.1", port: 8333 }],
    ["an IPv6 address", `05010004 ${"00".repeat(15)}01 208d`, { hostType: 4, host: "::1", port: 8333 }],
    ["another command", "05030003 01 61 0001", { command: 3, hostType: 3, host: "a", port: 1 }],
  ])("a SocksServer reads a request with %s", (_, request, expected) => {
    const { server } = serve([fromHex(`050100${request}`.replaceAll(" ", ""))]);
    expect(server.request).toMatchObject(expected);
  });

  test("a SocksServer has no way for clients that offer none it knows, and says so", () => {
    const server = new SocksServer();
    expect(() => server.add(fromHex("050101"))).toThrow(SocksError);
    expect(toHex(server.takeOutput())).toBe("05ff");
  });

  test.each(["474554202f", "04010050", "0501000201"])("a SocksServer refuses %s", (hex) => {
    expect(() => new SocksServer().add(fromHex(hex))).toThrow(SocksError);
  });
});
