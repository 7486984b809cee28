import { setImmediate } from "node:timers/promises";
import { parseAddress, visit } from "@course/lib/peer";
import { type BehaviourName, type GroundTruth, rangeOf, servePracticeNetwork } from "@course/lib/practice";
import { MAGIC, OUR_VERSION, OUR_VERSION_MESSAGE, serializePacket, VersionMessage } from "@course/lib/wire";
import { beforeAll, describe, expect, test } from "vitest";
import { practiceNetwork, usePracticeNetwork } from "../helpers/practice-network";
import { closed, commandsOf, connectTo, receive } from "./connections";

const PEERS = 60;
const EMPTY = new Uint8Array(0);
const network = usePracticeNetwork({ peers: PEERS, latency: 0 });
let truth: GroundTruth[];
beforeAll(async () => {
  truth = await network().truth();
});

const peerOf = (behaviour: BehaviourName) => truth.find((peer) => peer.behaviour === behaviour)!;
const connect = (behaviour: BehaviourName) => connectTo(peerOf(behaviour).address);

describe("polite peers", () => {
  test("a modern peer sends version, wtxidrelay, sendaddrv2, verack", async () => {
    const socket = await connect("polite-modern");
    socket.write(OUR_VERSION);
    const commands = commandsOf(await receive(socket, 4));
    expect(commands).toEqual(["version", "wtxidrelay", "sendaddrv2", "verack"]);
  });

  test("a modern peer below 70016 sends only version and verack to a caller with 70016", async () => {
    const { versionInfo } = peerOf("polite-modern");
    expect(versionInfo!.version).toBeLessThan(70016);
    const ours = new VersionMessage({ ...OUR_VERSION_MESSAGE, version: 70016 });
    const socket = await connect("polite-modern");
    socket.write(serializePacket("version", ours.toBytes()));
    expect(commandsOf(await receive(socket, 2))).toEqual(["version", "verack"]);
  });

  test("an old peer sends version, verack", async () => {
    const socket = await connect("polite-old");
    socket.write(OUR_VERSION);
    expect(commandsOf(await receive(socket, 2))).toEqual(["version", "verack"]);
  });

  test("a version message has the fields of the ground truth, the caller's host and the time of the peer's clock", async () => {
    for (const { address, versionInfo } of truth) {
      if (!versionInfo) continue;
      const before = Math.floor(Date.now() / 1000);
      const { versionMessage } = await visit(parseAddress(address));
      const skew = versionInfo.clockSkewSeconds;
      expect(versionMessage).toMatchObject({
        version: versionInfo.version,
        services: BigInt(versionInfo.services),
        userAgent: versionInfo.userAgent,
        startHeight: versionInfo.startHeight,
        relay: versionInfo.relay,
        receiver: { host: expect.stringMatching(/^(127\.0\.0\.1|::1)$/) },
      });
      expect(Number(versionMessage!.timestamp)).toBeGreaterThanOrEqual(before + skew);
      expect(Number(versionMessage!.timestamp)).toBeLessThanOrEqual(Date.now() / 1000 + skew);
    }
  });

  test("a version message has a new nonce for each call, and the caller's port", async () => {
    const calls = await Promise.all(
      [1, 2].map(async () => {
        const socket = await connect("polite-old");
        socket.write(OUR_VERSION);
        const [version] = await receive(socket, 1);
        return { port: socket.localPort, version: VersionMessage.fromBytes(version.payload) };
      }),
    );
    expect(calls[0].version.nonce).not.toBe(calls[1].version.nonce);
    for (const { port, version } of calls) expect(version.receiver.port).toBe(port);
  });

  test("a peer accepts a version message that comes byte by byte", async () => {
    const ours = VersionMessage.fromBytes(OUR_VERSION.subarray(24));
    const other = new VersionMessage({ ...ours, userAgent: "/another-caller/" });
    const socket = await connect("polite-old");
    socket.setNoDelay();
    for (const byte of serializePacket("version", other.toBytes())) socket.write(Uint8Array.of(byte));
    expect(commandsOf(await receive(socket, 2))).toEqual(["version", "verack"]);
  });

  test("a polite peer answers a ping with its payload", async () => {
    const socket = await connect("polite-modern");
    const ping = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
    socket.write(OUR_VERSION);
    socket.write(serializePacket("verack", EMPTY));
    socket.write(serializePacket("ping", ping));
    const pong = (await receive(socket, 5))[4];
    expect(pong.command).toBe("pong");
    expect([...pong.payload]).toEqual([...ping]);
  });
});

/** The header of a message whose payload is to follow. */
function header(command: string, length: number): Uint8Array {
  const bytes = serializePacket(command, EMPTY).slice();
  new DataView(bytes.buffer).setUint32(16, length, true);
  return bytes;
}

function badChecksum(): Uint8Array {
  const bytes = OUR_VERSION.slice();
  bytes[20] ^= 1;
  return bytes;
}

describe("callers that break the protocol", () => {
  test.each<[string, Uint8Array]>([
    ["HTTP", Buffer.from("GET / HTTP/1.1\r\nhost: example\r\n\r\n")],
    ["the magic bytes of testnet3", Uint8Array.of(0x0b, 0x11, 0x09, 0x07, ...OUR_VERSION.subarray(4))],
    ["verack before version", serializePacket("verack", EMPTY)],
    ["verack and version at once", Buffer.concat([serializePacket("verack", EMPTY), OUR_VERSION])],
    ["a header that announces 4 GB", header("version", 0xffffffff)],
    ["a wrong checksum", badChecksum()],
    ["a byte after the command's NUL", Uint8Array.of(...MAGIC, 0, 0x61, ...OUR_VERSION.subarray(6))],
  ])("a peer hangs up without a byte on a caller that sends %s", async (_, bytes) => {
    const socket = await connect("polite-old");
    const received: Buffer[] = [];
    socket.on("data", (chunk: Buffer) => received.push(chunk));
    socket.write(bytes);
    await closed(socket);
    expect(received).toEqual([]);
  });

  test("a peer hangs up on a caller that sends bytes without end", async () => {
    const socket = await connect("polite-old");
    const end = closed(socket);
    socket.resume();
    socket.write(OUR_VERSION);
    socket.write(header("inv", 60_000));
    const more = () => {
      while (!socket.destroyed && socket.write(new Uint8Array(16_384)));
    };
    socket.on("drain", more);
    more();
    await end;
  });

  // A valid version message was taken for the first bytes of a connection, even after others.
  test("a peer hangs up on a caller whose valid version message comes after a stray byte", async () => {
    await visit(parseAddress(peerOf("polite-old").address));
    const socket = await connect("polite-old");
    socket.setNoDelay();
    const received: Buffer[] = [];
    socket.on("data", (chunk: Buffer) => received.push(chunk));
    socket.write(Uint8Array.of(0));
    for (let turns = 0; turns < 3; turns++) await setImmediate(); // the peer reads the byte alone
    socket.write(OUR_VERSION);
    await closed(socket);
    expect(received).toEqual([]);
  });
});

/** MAX_HELD of session.ts: no session holds more bytes of a message. */
const MAX_HELD = 64 * 1024;

describe("the bytes that a peer holds for one caller", () => {
  test("a peer reads a message of 64 KB, however it is cut, and goes on", async () => {
    const socket = await connect("polite-old");
    socket.write(OUR_VERSION);
    await receive(socket, 2);
    const message = serializePacket("inv", new Uint8Array(MAX_HELD));
    for (let start = 0; start < message.length; start += 10_000) {
      socket.write(message.subarray(start, start + 10_000));
    }
    socket.write(serializePacket("ping", new Uint8Array(8)));
    expect(commandsOf(await receive(socket, 1))).toEqual(["pong"]);
  });

  // Once the limit was that of the bytes still missing: with the beginning of its payload a header passed.
  test.each([0, 1, 20_000])(
    "a peer hangs up on a header that announces one byte more than 64 KB, with %i bytes after it",
    async (more) => {
      const socket = await connect("polite-old");
      const end = closed(socket);
      socket.resume();
      socket.write(OUR_VERSION);
      socket.write(Buffer.concat([header("inv", MAX_HELD + 1), new Uint8Array(more)]));
      await end;
    },
  );
});

describe("several networks", () => {
  test("two networks of one seed run side by side: they differ in their addresses alone", async () => {
    const other = await practiceNetwork({ peers: PEERS, latency: 0 });
    const others = await other.truth();
    const addresses = new Set([...truth, ...others].map(({ address }) => address));
    const onions = truth.filter(({ behaviour }) => behaviour === "onion").length;
    expect(addresses.size).toBe(truth.length + others.length - onions);
    const withoutAddress = (entries: GroundTruth[]) => entries.map((entry) => ({ ...entry, address: "" }));
    expect(withoutAddress(others)).toEqual(withoutAddress(truth));
  });

  test("a network that is closed refuses connections", async () => {
    const first = await servePracticeNetwork({ peers: 5 });
    const addresses = (await first.truth()).map(({ address }) => address);
    await first.close();
    await expect(visit(parseAddress(addresses[0]))).resolves.toMatchObject({ error: { code: "REFUSED" } });
  });

  test("a network that closes ends the connections of callers that wait for an answer", async () => {
    const slow = await servePracticeNetwork({ peers: 5, latency: 1000 });
    const polite = (await slow.truth()).find(({ behaviour }) => behaviour.startsWith("polite"))!;
    const socket = await connectTo(polite.address);
    const end = closed(socket.resume());
    socket.write(OUR_VERSION);
    await Promise.all([end, slow.close()]);
  });
});

// A crawl that was resumed on a network in another range called every node anew.
test("a network has the range it asks for, if no other network has it", async () => {
  const options = { peers: 5, latency: 0, range: 171 };
  const ranges = async (one: { truth(): Promise<GroundTruth[]> }) =>
    new Set(
      (await one.truth())
        .filter(({ address }) => address.startsWith("127."))
        .map(({ address }) => rangeOf(parseAddress(address))),
    );
  const first = await practiceNetwork(options);
  expect(await ranges(first)).toEqual(new Set([171]));
  const second = await practiceNetwork(options);
  expect(await ranges(second)).not.toContain(171);
  const addresses = (await first.truth()).map(({ address }) => address);
  await first.close();
  const again = await practiceNetwork(options);
  expect((await again.truth()).map(({ address }) => address)).toEqual(addresses);
});

describe('the layout "ports"', () => {
  test("in the layout ports every peer has a port of its own on 127.0.0.1 or ::1", async () => {
    const other = await practiceNetwork({ peers: PEERS, latency: 0, layout: "ports" });
    const peers = (await other.truth()).slice(0, PEERS);
    const hosts = new Set(peers.map(({ address }) => parseAddress(address)[0]));
    expect([...hosts].every((host) => host === "127.0.0.1" || host === "::1")).toBe(true);
    expect(new Set(peers.map(({ address }) => address)).size).toBe(PEERS);
    const polite = peers.filter(({ outcome }) => outcome === "version");
    const visits = await Promise.all(polite.map(({ address }) => visit(parseAddress(address))));
    expect(visits.filter(({ error }) => error)).toEqual([]);
  });

  test("five networks in the layout ports have different ports, though there are only three ranges", async () => {
    const options = { peers: 5, layout: "ports" } as const;
    const networks = await Promise.all([1, 2, 3, 4, 5].map(() => practiceNetwork(options)));
    const truths = await Promise.all(networks.map((each) => each.truth()));
    const listening = truths
      .flat()
      .filter(({ behaviour }) => behaviour !== "onion" && behaviour !== "refusing");
    expect(new Set(listening.map(({ address }) => address)).size).toBe(listening.length);
  });
});

describe("options that cannot be met", () => {
  test.each([0, 1.5, 70_000])(
    "servePracticeNetwork() with %f peers throws BAD_OPTION and says how many there can be",
    async (peers) => {
      await expect(servePracticeNetwork({ peers })).rejects.toMatchObject({
        code: "BAD_OPTION",
        message: expect.stringContaining("expected 1 to 65,279 peers"),
      });
    },
  );

  test("servePracticeNetwork() with a port that is taken throws PORT_TAKEN and names the port", async () => {
    const port = Number(new URL(network().api).port);
    await expect(servePracticeNetwork({ peers: 1, apiPort: port })).rejects.toMatchObject({
      code: "PORT_TAKEN",
      message: expect.stringContaining(`port ${port} of 127.0.0.1 is taken`),
    });
  });
});

describe("mapped duplicates", () => {
  test("a peer with a mapped duplicate is in the ground truth twice, and answers at both addresses", async () => {
    const entries = await (await practiceNetwork({ peers: 300, latency: 0 })).truth();
    const duplicates = entries.filter(({ address }) => address.startsWith("[::ffff:"));
    expect(duplicates.length).toBeGreaterThan(2);
    for (const { address, ...rest } of duplicates) {
      const plain = address.replace(/^\[::ffff:(.*)\]/, "$1");
      expect(entries.find((entry) => entry.address === plain)).toEqual({ address: plain, ...rest });
    }
    const polite = duplicates.find(({ outcome }) => outcome === "version")!;
    const { versionMessage } = await visit(parseAddress(polite.address));
    expect(versionMessage).toMatchObject({ userAgent: polite.versionInfo!.userAgent });
  });
});
