/** The proxies of the practice network, to its nodes behind Tor and on I2P. */
import { execFile } from "node:child_process";
import { crawl } from "@course/lib/crawl";
import { countBy } from "@course/lib/data";
import { discover, seedAddresses } from "@course/lib/discovery";
import { addressString, laneOf, parseAddress, parseProxy } from "@course/lib/peer";
import { type GroundTruth, joinNetwork, startPracticeNetwork } from "@course/lib/practice";
import { connectRequest, credentialsMessage, helloMessage, replyMessage } from "@course/lib/socks";
import { concat, i2pHost, OUR_VERSION, readPackets } from "@course/lib/wire";
import { expect, test } from "vitest";
import { practiceNetwork, usePracticeNetwork } from "../helpers/practice-network";
import { all, outcomeOf } from "../helpers/visits";
import { closed } from "./connections";
import { askingFor, connectToProxy, replied, replyTo } from "./proxy-callers";

const practice = usePracticeNetwork({ peers: 1500, latency: 0 });
const behindTor = async (): Promise<GroundTruth[]> =>
  (await practice().truth()).filter(({ behaviour }) => behaviour === "onion");

test("each node behind Tor does, when it is called through the proxy, what the ground truth says", async () => {
  const truth = await behindTor();
  const wanted = new Map(truth.map(({ address, proxied }) => [address, proxied!]));
  const addresses = truth.map(({ address }) => parseAddress(address));
  // No delay: those that say nothing at all are what the time is for.
  const options = { proxy: practice().proxies.tor, proxyTimeoutMs: 3000 };
  const visits = await all(crawl(addresses, options));
  for (const visit of visits) {
    const { outcome, versionInfo } = wanted.get(addressString(visit.address))!;
    expect(visit.versionMessage ? "version" : outcomeOf(visit)).toBe(outcome);
    if (versionInfo) expect(visit.versionMessage).toMatchObject({ userAgent: versionInfo.userAgent });
  }
  const answered = visits.filter(({ versionMessage }) => versionMessage).length;
  expect(answered / visits.length).toBeGreaterThan(0.5);
  expect(visits.some(({ error }) => error?.code === "ONION_NOT_FOUND")).toBe(true);
  await expect.poll(async () => (await practice().statistics()).open).toBe(0);
});

test("nodes behind Tor are UNREACHABLE without a proxy, as the ground truth says too", async () => {
  const truth = (await behindTor()).slice(0, 5);
  const visits = await all(crawl(truth.map(({ address }) => parseAddress(address))));
  expect(visits.map(outcomeOf)).toEqual(truth.map(({ outcome }) => outcome));
  expect(truth[0].outcome).toBe("UNREACHABLE");
});

test("a practice network says at its root where its proxies are, and joinNetwork() passes it on", async () => {
  const { api, proxies } = practice();
  expect(await (await fetch(api)).json()).toMatchObject({ proxies });
  const { proxy, i2pProxy } = await joinNetwork({ env: {}, practiceUrl: api, log: () => {} });
  expect({ tor: proxy, i2p: i2pProxy }).toEqual(proxies);
  expect(proxy).toMatch(/^socks5:\/\/127\.0\.0\.1:\d+$/);
});

test("a discovery through the proxies reaches nodes behind Tor and on I2P that gossip names", async () => {
  const { api, proxies } = await practiceNetwork({ peers: 80, latency: 0, population: "2026" });
  const { seeds, resolver } = await joinNetwork({ env: {}, practiceUrl: api, log: () => {} });
  const start = await seedAddresses([...seeds], resolver);
  const options = { proxy: proxies.tor, i2pProxy: proxies.i2p, proxyTimeoutMs: 6000 };
  const visits = await all(discover(start, 200, { timeoutMs: 2000, ...options }));
  const answered = countBy(
    visits.filter(({ gossip }) => gossip === "ANSWERED"),
    ({ address }) => laneOf(address),
  );
  expect([...answered.keys()].sort()).toEqual(["i2p", "ip", "tor"]);
});

test("the proxies end with their network, in this process and in another", async () => {
  for (const network of [await practiceNetwork({ peers: 20 }), await startPracticeNetwork({ peers: 20 })]) {
    const sockets = await Promise.all([
      connectToProxy(network.proxies.tor),
      connectToProxy(network.proxies.i2p),
    ]);
    const ends = sockets.map((socket) => closed(socket.resume()));
    await network.close();
    await Promise.all(ends);
    await expect(connectToProxy(network.proxies.tor)).rejects.toThrow("ECONNREFUSED");
  }
});

const NOBODY = "pg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscryd.onion";

test.each([
  ["an onion that is nobody's", () => askingFor(NOBODY), replied(0xf0)],
  ["a name that is no onion's", () => askingFor("short.onion"), replied(0xf6)],
  ["a name of the internet", () => askingFor("example.com"), replied(0x02)],
  ["a name of I2P", () => askingFor(i2pHost(new Uint8Array(32)), 0), replied(0x02)],
  ["an IP address as a name", () => askingFor("127.0.0.1"), replied(0x02)],
  ["an IPv4 address", () => Buffer.from("0501000501000101020304208d", "hex"), replied(0x02)],
  ["to listen for it", () => Buffer.from("0501000502000301610001", "hex"), replied(0x07)],
  ["in HTTP", () => Buffer.from("CONNECT a.onion:8333 HTTP/1.1\r\n\r\n"), ""],
  ["in SOCKS4", () => Buffer.from("04010050", "hex"), ""],
  ["in GSSAPI alone", () => Buffer.from("050101", "hex"), "05ff"],
])("the proxy of Tor refuses who asks for %s", async (_, bytes, reply) => {
  expect(await replyTo(practice().proxies.tor, bytes())).toBe(reply);
});

test("the proxy of I2P refuses an onion, and finds nobody behind a made-up name", async () => {
  const { i2p } = practice().proxies;
  expect(await replyTo(i2p, askingFor(NOBODY))).toBe(replied(0x02));
  expect(await replyTo(i2p, askingFor(i2pHost(new Uint8Array(32)), 0))).toBe(replied(0x04));
});

test("what a caller sends with its request reaches the node, whether the bytes come at once or one by one", async () => {
  const polite = (await behindTor()).find(
    ({ proxied }) => proxied?.outcome === "version" && proxied.behaviour === "polite-modern",
  );
  const [host, port] = parseAddress(polite!.address);
  const hello = concat([helloMessage({ username: "a", password: "b" }), connectRequest([host, port])]);
  const name = credentialsMessage({ username: "a", password: "b" });
  const bytes = Buffer.from(concat([hello.subarray(0, 4), name, hello.subarray(4), OUR_VERSION]));
  for (const pieces of [[bytes], [...bytes].map((byte) => Buffer.of(byte))]) {
    const socket = await connectToProxy(practice().proxies.tor);
    for (const piece of pieces) {
      socket.write(piece);
      await new Promise(setImmediate);
    }
    const head = 4 + replyMessage(0).length; // which way to identify, the answer to the name, the reply
    let passed = 0;
    async function* afterReply(): AsyncGenerator<Uint8Array> {
      for await (const chunk of socket as AsyncIterable<Buffer>) {
        const rest = chunk.subarray(Math.max(0, head - passed));
        passed += chunk.length;
        if (rest.length > 0) yield rest;
      }
    }
    const { value } = await readPackets(afterReply()).next();
    expect(value).toMatchObject({ command: "version" });
    socket.destroy();
  }
});

/** Resolves to what curl writes to stderr. */
async function curl(url: string): Promise<string | undefined> {
  const [host, port] = parseProxy(practice().proxies.tor).address;
  const args = ["-sS", "--max-time", "10", "--socks5-hostname", `${host}:${port}`, url];
  return new Promise((resolve) => {
    execFile("curl", args, (error, _, stderr) =>
      resolve((error as NodeJS.ErrnoException | null)?.code === "ENOENT" ? undefined : stderr),
    );
  });
}

test("curl, which others wrote, understands the proxy: whom it has connected, and whom not", async (context) => {
  const truth = await behindTor();
  const polite = truth.find(({ proxied }) => proxied?.outcome === "version")!;
  const connected = await curl(`http://${polite.address}/`);
  if (connected === undefined) return context.skip("there is no curl on this machine");
  expect(connected).toMatch(/Empty reply|Recv failure|reset/); // a node does not speak HTTP, and hangs up
  expect(await curl(`http://${NOBODY}:8333/`)).toMatch(/\(240\)/);
  expect(await curl("http://example.com/")).toMatch(/\(2\)/);
});
