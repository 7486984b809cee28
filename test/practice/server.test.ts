import { once } from "node:events";
import net from "node:net";
import { nodesToAddressTuples } from "@course/lib/bitnodes";
import { type AddressTuple, visit } from "@course/lib/peer";
import { type GroundTruth, type PracticeNetwork, servePracticeNetwork } from "@course/lib/practice";
import {
  MAGIC,
  OUR_VERSION,
  OUR_VERSION_MESSAGE,
  Packet,
  readPackets,
  serializePacket,
  VersionMessage,
} from "@course/lib/wire";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";

const PEERS = 60;
let network: PracticeNetwork;
let truth: GroundTruth[];

beforeAll(async () => {
  network = await servePracticeNetwork({ peers: PEERS, latency: 0 });
  truth = await network.truth();
});
afterAll(() => network.close());

const tuple = (address: string): AddressTuple => nodesToAddressTuples({ [address]: [0, "", 0, 0, 0] })[0];
const addressOf = (behaviour: string) => tuple(truth.find((entry) => entry.behaviour === behaviour)!.address);

async function connect(behaviour: string): Promise<net.Socket> {
  const [host, port] = addressOf(behaviour);
  const socket = net.connect({ host, port });
  onTestFinished(() => void socket.destroy());
  await once(socket, "connect");
  return socket;
}

/** Resolves when the connection is closed, in whichever way. */
function closed(socket: net.Socket): Promise<void> {
  return new Promise((resolve) => socket.on("error", () => {}).on("close", () => resolve()));
}

/** The next `count` packets that a peer sends. */
async function receive(socket: net.Socket, count: number): Promise<Packet[]> {
  const packets: Packet[] = [];
  for await (const packet of readPackets(socket.iterator({ destroyOnReturn: false }))) {
    packets.push(packet);
    if (packets.length === count) break;
  }
  return packets;
}

const commandsOf = (packets: Packet[]) => packets.map(({ command }) => command);

describe("a polite peer", () => {
  test("that is modern says version, wtxidrelay, sendaddrv2, verack", async () => {
    const socket = await connect("polite-modern");
    socket.write(OUR_VERSION);
    const commands = commandsOf(await receive(socket, 4));
    expect(commands).toEqual(["version", "wtxidrelay", "sendaddrv2", "verack"]);
  });

  test("that is modern, and not of 70016, says version, verack to a caller who is: both must be", async () => {
    const { versionInfo } = truth.find(({ behaviour }) => behaviour === "polite-modern")!;
    expect(versionInfo!.version).toBeLessThan(70016);
    const ours = new VersionMessage({ ...OUR_VERSION_MESSAGE, version: 70016 });
    const socket = await connect("polite-modern");
    socket.write(serializePacket("version", ours.toBytes()));
    expect(commandsOf(await receive(socket, 2))).toEqual(["version", "verack"]);
  });

  test("that is old says version, verack", async () => {
    const socket = await connect("polite-old");
    socket.write(OUR_VERSION);
    expect(commandsOf(await receive(socket, 2))).toEqual(["version", "verack"]);
  });

  test("says of itself what the truth says, of us where we are, and the time of its clock", async () => {
    for (const { address, versionInfo } of truth) {
      if (!versionInfo) continue;
      const before = Math.floor(Date.now() / 1000);
      const { versionMessage } = await visit(tuple(address));
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

  test("has another nonce for every call, and tells each caller its port", async () => {
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

  test("understands a version message that comes byte by byte, whoever sends it", async () => {
    const ours = VersionMessage.fromBytes(OUR_VERSION.subarray(24));
    const other = new VersionMessage({ ...ours, userAgent: "/another-caller/" });
    const socket = await connect("polite-old");
    socket.setNoDelay();
    for (const byte of new Packet("version", other.toBytes()).toBytes()) socket.write(Uint8Array.of(byte));
    expect(commandsOf(await receive(socket, 2))).toEqual(["version", "verack"]);
  });

  test("answers pings after the handshake, with what was in them", async () => {
    const socket = await connect("polite-modern");
    const ping = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
    socket.write(OUR_VERSION);
    socket.write(serializePacket("verack", new Uint8Array(0)));
    socket.write(serializePacket("ping", ping));
    const pong = (await receive(socket, 5))[4];
    expect(pong.command).toBe("pong");
    expect([...pong.payload]).toEqual([...ping]);
  });
});

const header = (command: string, length: number) => {
  const bytes = serializePacket(command, new Uint8Array(0)).slice();
  new DataView(bytes.buffer).setUint32(16, length, true);
  return bytes;
};
const badChecksum = () => {
  const bytes = OUR_VERSION.slice();
  bytes[20] ^= 1;
  return bytes;
};

describe("a peer hangs up on a caller who", () => {
  test.each<[string, Uint8Array]>([
    ["speaks HTTP", Buffer.from("GET / HTTP/1.1\r\nhost: somebody\r\n\r\n")],
    ["comes from another network", Uint8Array.of(0x0b, 0x11, 0x09, 0x07, ...OUR_VERSION.subarray(4))],
    ["does not begin with version", serializePacket("verack", new Uint8Array(0))],
    ["announces four gigabytes", header("version", 0xffffffff)],
    ["sends a wrong checksum", badChecksum()],
    ["puts something after the command's NUL", Uint8Array.of(...MAGIC, 0, 0x61, ...OUR_VERSION.subarray(6))],
  ])("%s", async (_, bytes) => {
    const socket = await connect("polite-old");
    const heard: Buffer[] = [];
    socket.on("data", (chunk: Buffer) => heard.push(chunk));
    socket.write(bytes);
    await closed(socket);
    expect(heard).toEqual([]);
  });

  test("never ends a message", async () => {
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
});

describe("several networks", () => {
  test("run side by side, at other addresses, and are otherwise the same for the same seed", async () => {
    const other = await servePracticeNetwork({ peers: PEERS, latency: 0 });
    onTestFinished(() => other.close());
    const others = await other.truth();
    const addresses = new Set([...truth, ...others].map(({ address }) => address));
    const onions = truth.filter(({ behaviour }) => behaviour === "onion").length;
    expect(addresses.size).toBe(truth.length + others.length - onions);
    const withoutAddress = (entries: GroundTruth[]) => entries.map((entry) => ({ ...entry, address: "" }));
    expect(withoutAddress(others)).toEqual(withoutAddress(truth));
  });

  test("leave nothing behind when closed: the next one has the same addresses", async () => {
    const first = await servePracticeNetwork({ peers: 5 });
    const addresses = (await first.truth()).map(({ address }) => address);
    await first.close();
    await expect(visit(tuple(addresses[0]))).resolves.toMatchObject({ error: { code: "REFUSED" } });
  });

  test("close with their connections, also those that wait for an answer", async () => {
    const slow = await servePracticeNetwork({ peers: 5, latency: 1000 });
    const polite = (await slow.truth()).find(({ behaviour }) => behaviour.startsWith("polite"))!;
    const [host, port] = tuple(polite.address);
    const socket = net.connect({ host, port });
    onTestFinished(() => void socket.destroy());
    await once(socket, "connect");
    const end = closed(socket.resume());
    socket.write(OUR_VERSION);
    await Promise.all([end, slow.close()]);
  });
});

describe("where only 127.0.0.1 is there", () => {
  test("every peer has a port of its own", async () => {
    const other = await servePracticeNetwork({ peers: PEERS, latency: 0, layout: "ports" });
    onTestFinished(() => other.close());
    const peers = (await other.truth()).slice(0, PEERS);
    const hosts = new Set(peers.map(({ address }) => tuple(address)[0]));
    expect([...hosts].every((host) => host === "127.0.0.1" || host === "::1")).toBe(true);
    expect(new Set(peers.map(({ address }) => address)).size).toBe(PEERS);
    const polite = peers.filter(({ outcome }) => outcome === "version");
    const visits = await Promise.all(polite.map(({ address }) => visit(tuple(address))));
    expect(visits.filter(({ error }) => error)).toEqual([]);
  });

  test("a peer whose port is taken gets another, and the rest stay as they are", async () => {
    const options = { peers: 5, layout: "ports" } as const;
    const networks = await Promise.all([1, 2, 3, 4, 5].map(() => servePracticeNetwork(options)));
    onTestFinished(async () => {
      await Promise.all(networks.map((each) => each.close()));
    });
    const truths = await Promise.all(networks.map((each) => each.truth()));
    const listening = truths
      .flat()
      .filter(({ behaviour }) => behaviour !== "onion" && behaviour !== "refusing");
    expect(new Set(listening.map(({ address }) => address)).size).toBe(listening.length);
  });
});

describe("a wrong call", () => {
  test.each([0, 1.5, 70_000])("%f peers is an error that says how many there can be", async (peers) => {
    await expect(servePracticeNetwork({ peers })).rejects.toMatchObject({
      code: "BAD_OPTION",
      message: expect.stringContaining("expected 1 to 65,279 peers"),
    });
  });

  test("a port that another program has is an error that names it", async () => {
    const port = Number(new URL(network.api).port);
    await expect(servePracticeNetwork({ peers: 1, apiPort: port })).rejects.toMatchObject({
      code: "PORT_TAKEN",
      message: expect.stringContaining(`port ${port} of 127.0.0.1 is taken`),
    });
  });
});

describe("an address under two spellings", () => {
  test("stands in the snapshot as both, and leads to the same peer", async () => {
    const some = await servePracticeNetwork({ peers: 300, latency: 0 });
    onTestFinished(() => some.close());
    const entries = await some.truth();
    const again = entries.filter(({ address }) => address.startsWith("[::ffff:"));
    expect(again.length).toBeGreaterThan(2);
    for (const { address, ...rest } of again) {
      const usual = address.replace(/^\[::ffff:(.*)\]/, "$1");
      expect(entries.find((entry) => entry.address === usual)).toEqual({ address: usual, ...rest });
    }
    const polite = again.find(({ outcome }) => outcome === "version")!;
    const { versionMessage } = await visit(tuple(polite.address));
    expect(versionMessage).toMatchObject({ userAgent: polite.versionInfo!.userAgent });
  });
});
