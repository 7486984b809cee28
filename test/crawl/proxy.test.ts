/** Crawls through SOCKS5 proxies. */
import dns from "node:dns";
import type { Socket } from "node:net";
import { crawl, type CrawlOptions } from "@course/lib/crawl";
import { discover, Frontier } from "@course/lib/discovery";
import { type AddressTuple, parseProxy, PeerError, ProxyError, requireProxy } from "@course/lib/peer";
import { replyMessage } from "@course/lib/socks";
import { crawlInThreads } from "@course/lib/workers";
import { describe, expect, test, vi } from "vitest";
import { listen, nobody } from "../helpers/loopback";
import { answeringPeer, BTCD_USER_AGENT, encryptedPeer, recordedReply } from "../helpers/peers";
import { i2p, onion, startProxy } from "../helpers/proxies";
import { all, outcomeOf } from "../helpers/visits";

/** Returns what came of a visit to one onion, through a proxy that does `onCall` with its connection. */
async function outcomeThrough(
  onCall: Parameters<typeof listen>[0],
  options: CrawlOptions = {},
): Promise<{ outcome: string; error: Error | undefined; isConnected: boolean }> {
  const { address, gone } = await listen(onCall);
  const proxy = `socks5://${address.join(":")}`;
  const [visit] = await all(crawl([onion("one")], { proxy, ...options }));
  await gone(); // no socket is left
  return { outcome: outcomeOf(visit), error: visit.error, isConnected: visit.connectedAt !== undefined };
}

test("crawl() calls onions through Tor's proxy, names of I2P through I2P's, and all others directly", async () => {
  const peer = await answeringPeer();
  const [tor, i2pProxy] = await Promise.all([startProxy(() => peer.address), startProxy(() => peer.address)]);
  const addresses = [onion("one"), peer.address, i2p("two"), onion("Three"), ["example.com", 8333]];
  const options = { proxy: tor.url, i2pProxy: i2pProxy.url };
  const lookup = vi.spyOn(dns, "lookup");
  const visits = await all(crawl(addresses as AddressTuple[], options));
  expect(lookup).not.toHaveBeenCalled();
  lookup.mockRestore();
  const outcomes = Object.fromEntries(visits.map((visit) => [visit.address[0], outcomeOf(visit)]));
  expect(outcomes).toEqual({
    "one.onion": BTCD_USER_AGENT,
    "127.0.0.1": BTCD_USER_AGENT,
    "two.b32.i2p": BTCD_USER_AGENT,
    "Three.onion": BTCD_USER_AGENT,
    "example.com": "UNREACHABLE",
  });
  const names = (proxy: typeof tor) => proxy.asked.map(({ host, port, hostType }) => [host, port, hostType]);
  expect(names(tor)).toEqual([
    ["one.onion", 8333, 3],
    ["Three.onion", 8333, 3],
  ]);
  expect(names(i2pProxy)).toEqual([["two.b32.i2p", 0, 3]]);
});

test("crawl() without a proxy calls no onion and no name of I2P, and with Tor's alone no name of I2P", async () => {
  const tor = await startProxy(() => 4);
  const addresses = [onion("one"), i2p("two")];
  const without = await all(crawl(addresses));
  expect(without.map(outcomeOf)).toEqual(["UNREACHABLE", "UNREACHABLE"]);
  await all(crawl(addresses, { proxy: tor.url }));
  expect(tor.asked.map(({ host }) => host)).toEqual(["one.onion"]);
});

test("an onion with a port that cannot be is UNREACHABLE, and the others are called", async () => {
  const peer = await answeringPeer();
  const proxy = await startProxy(() => peer.address);
  const visits = await all(crawl([["one.onion", 65_536], onion("two")], { proxy: proxy.url }));
  const outcomes = Object.fromEntries(visits.map((visit) => [visit.address[0], outcomeOf(visit)]));
  expect(outcomes).toEqual({ "one.onion": "UNREACHABLE", "two.onion": BTCD_USER_AGENT });
});

test("crawl() asks for a circuit of its own for each node, and for the same one when it calls a node again", async () => {
  const peer = await answeringPeer();
  const proxy = await startProxy(() => peer.address);
  await all(crawl([onion("one"), onion("two"), onion("ONE")], { proxy: proxy.url }));
  const [one, two, again] = ["one.onion", "two.onion", "ONE.onion"].map(
    (name) => proxy.asked.find(({ host }) => host === name)!.credentials!,
  );
  expect(one.password).not.toBe(two.password);
  expect(again.password).toBe(one.password);
  expect(new Set([one, two, again].map(({ username }) => username)).size).toBe(1);
  expect(one.username).toMatch(/^[\x20-\x3b\x3d-\x7e]{1,255}$/); // Tor gives names with a < in front a meaning
});

test("crawl() tells a proxy the name and the password in its address, if there are any", async () => {
  const proxy = await startProxy(() => 1);
  const url = proxy.url.replace("//", "//our%20name:s%40cret@");
  await all(crawl([onion("one"), onion("two")], { proxy: url }));
  const given = { username: "our name", password: "s@cret" };
  expect(proxy.asked.map(({ credentials }) => credentials)).toEqual([given, given]);
});

describe("what a proxy does becomes the error of a visit", () => {
  test.each([
    [1, "PROXY_FAILED"],
    [2, "PROXY_FORBIDS"],
    [4, "UNREACHABLE"],
    [5, "REFUSED"],
    [6, "CONNECT_TIMEOUT"],
    [0xf0, "ONION_NOT_FOUND"],
    [0xf4, "ONION_PRIVATE"],
    [0xf7, "ONION_FAILED"],
  ])("a proxy's reply %i is the error %s of the visit", async (reply, code) => {
    const proxy = await startProxy(() => reply);
    const [visit] = await all(crawl([onion("one")], { proxy: proxy.url }));
    expect(visit.error).toBeInstanceOf(PeerError);
    expect(visit.error).toMatchObject({ code });
    expect(visit.error!.message).toMatch(/\(the proxy replies 0x/);
    expect(visit.connectedAt).toBeUndefined();
    expect(visit.transport).toBeUndefined();
  });

  test("a proxy that speaks HTTP is PROXY_MALFORMED, and one that wants another way to identify is PROXY_AUTH", async () => {
    const http = await outcomeThrough((socket) => socket.write("HTTP/1.1 400 Bad Request\r\n\r\n"));
    expect(http).toMatchObject({ outcome: "PROXY_MALFORMED", isConnected: false });
    const choosy = await outcomeThrough((socket) => socket.write(Buffer.from([5, 0xff])));
    expect(choosy).toMatchObject({ outcome: "PROXY_AUTH", isConnected: false });
  });

  test("a proxy's silence is PROXY_SILENT before the request, and CONNECT_TIMEOUT after it", async () => {
    const atOnce = await outcomeThrough(() => {}, { proxyTimeoutMs: 1000 });
    expect(atOnce).toMatchObject({ outcome: "PROXY_SILENT", isConnected: false });
    expect(atOnce.error!.message).toMatch(/\(1000 ms\)/);
    const later = await outcomeThrough((socket) => socket.write(Buffer.from([5, 0])), {
      proxyTimeoutMs: 1000,
    });
    expect(later).toMatchObject({ outcome: "CONNECT_TIMEOUT", isConnected: false });
  });

  test("a connection to a proxy that ends at any byte of the handshake is PROXY_CLOSED, and after it CLOSED", async () => {
    const handshake = Buffer.concat([Buffer.from([5, 0]), replyMessage(0)]);
    for (let length = 0; length <= handshake.length; length++) {
      const cut = await outcomeThrough((socket) => socket.end(handshake.subarray(0, length)));
      const isOpen = length === handshake.length;
      expect(cut).toMatchObject({ outcome: isOpen ? "CLOSED" : "PROXY_CLOSED", isConnected: isOpen });
    }
  });

  test("a reset connection to the proxy is PROXY_CLOSED", async () => {
    const reset = await outcomeThrough((socket) => socket.once("data", () => socket.resetAndDestroy()));
    expect(reset).toMatchObject({ outcome: "PROXY_CLOSED", isConnected: false });
  });
});

test("crawl() reads what a peer sends with the proxy's reply, and byte by byte", async () => {
  const bytes = Buffer.concat([Buffer.from([5, 0]), replyMessage(0), recordedReply()]);
  const atOnce = await outcomeThrough((socket) => socket.write(bytes));
  expect(atOnce).toMatchObject({ outcome: BTCD_USER_AGENT, isConnected: true });
  const slowly = await outcomeThrough((socket) => {
    socket.setNoDelay(true);
    void (async () => {
      for (const byte of bytes) {
        socket.write(Buffer.of(byte));
        await new Promise(setImmediate);
      }
    })();
  });
  expect(slowly).toMatchObject({ outcome: BTCD_USER_AGENT, isConnected: true });
});

test("crawl() speaks v2 through a proxy, and v1 to those that do not understand it", async () => {
  const [v2, v1] = await Promise.all([encryptedPeer(), answeringPeer()]);
  const proxy = await startProxy((host) => (host === "new.onion" ? v2.address : v1.address));
  const options = { proxy: proxy.url, v2: true, proxyTimeoutMs: 3000 };
  const visits = await all(crawl([onion("new"), onion("old")], options));
  const transports = Object.fromEntries(visits.map(({ address: [host], transport }) => [host, transport]));
  expect(visits.map(outcomeOf)).toEqual([BTCD_USER_AGENT, BTCD_USER_AGENT]);
  expect(transports).toMatchObject({ "new.onion": "v2" });
});

/** A peer that answers nobody until it is released. */
async function peerThatWaits(): Promise<{ address: AddressTuple; release: () => void }> {
  let isReleased = false;
  const waiting: Socket[] = [];
  const { address } = await listen((socket) => {
    if (isReleased) socket.end(recordedReply());
    else waiting.push(socket);
  });
  const release = () => {
    isReleased = true;
    for (const socket of waiting.splice(0)) socket.end(recordedReply());
  };
  return { address, release };
}

describe("lanes", () => {
  const onions = Array.from({ length: 12 }, (_, i) => onion(`node${i}`));

  test.each([
    ["crawl()", (list: AddressTuple[], options: CrawlOptions) => crawl(list, options)],
    [
      "crawlInThreads()",
      (list: AddressTuple[], options: CrawlOptions) => crawlInThreads(list, { threads: 2, ...options }),
    ],
  ])(
    "%s calls as many onions at a time as it may, and addresses behind them in the list do not wait for them",
    async (_, run) => {
      const [slow, fast] = await Promise.all([peerThatWaits(), answeringPeer()]);
      const proxy = await startProxy(() => slow.address);
      const list = [...onions, ...Array.from({ length: 20 }, () => fast.address)];
      const finished: string[] = [];
      for await (const visit of run(list, { proxy: proxy.url, proxyConcurrency: 3, concurrency: 4 })) {
        expect(outcomeOf(visit)).toBe(BTCD_USER_AGENT);
        finished.push(visit.address[0]);
        if (finished.length < 20) continue;
        if (finished.length === 20) expect(proxy.asked.length).toBeLessThanOrEqual(3);
        slow.release();
      }
      expect(new Set(finished.slice(0, 20))).toEqual(new Set(["127.0.0.1"]));
      expect(finished.slice(20).sort()).toEqual(onions.map(([host]) => host).sort());
    },
  );

  test.each([
    ["a frontier with lanes", () => undefined],
    ["one without", () => new Frontier()],
  ])("a discovery with %s calls addresses while onions before them take their time", async (_, frontier) => {
    const [slow, fast] = await Promise.all([peerThatWaits(), answeringPeer()]);
    const proxy = await startProxy(() => slow.address);
    const seeds = [...onions.slice(0, 2), fast.address];
    const options = { proxy: proxy.url, proxyConcurrency: 1, mayCall: () => true, timeoutMs: 100 };
    const order: string[] = [];
    const visits = discover(seeds, 1, { ...options, frontier: frontier(), proxyTimeoutMs: 2000 });
    for await (const { address } of visits) {
      order.push(address[0]);
      slow.release();
    }
    expect(order[0]).toBe("127.0.0.1");
    expect(order).toHaveLength(3);
  });
});

describe("a proxy that is not there", () => {
  test("a proxy that is not there is one error of the crawl, and not one of each visit, in one thread and in several", async () => {
    const address = await nobody();
    const options = { proxy: `socks5://${address.join(":")}` };
    const onions = Array.from({ length: 1000 }, (_, i) => onion(`node${i}`));
    const message = `the proxy at ${address.join(":")}: no proxy listens`;
    for (const visits of [crawl(onions, options), crawlInThreads(onions, { threads: 2, ...options })]) {
      const seen: unknown[] = [];
      const crawling = (async () => {
        for await (const visit of visits) seen.push(visit);
      })();
      await expect(crawling).rejects.toThrow(ProxyError);
      await expect(crawling).rejects.toThrow(message);
      expect(seen).toEqual([]);
    }
  });

  test("requireProxy() says in a sentence that a proxy is not there, and what to do", async () => {
    const address = await nobody();
    await expect(requireProxy({ address })).rejects.toThrow(
      /^the proxy at 127\.0\.0\.1:\d+: no proxy listens .*; start it, or give its right address$/,
    );
  });

  test("requireProxy() is content with a proxy that says hello, and asks it for nothing", async () => {
    const proxy = await startProxy(() => 1);
    await requireProxy(parseProxy(proxy.url));
    await proxy.gone();
    expect(proxy.asked).toEqual([]);
  });

  test.each<[string, Parameters<typeof listen>[0], RegExp]>([
    [
      "speaks HTTP",
      (socket) => socket.write("HTTP/1.1 400\r\n"),
      /does not speak SOCKS5 .*is that its address\?/,
    ],
    ["hangs up", (socket) => socket.end(), /closed the connection/],
    ["says nothing", () => {}, /takes connections and does not answer \(1000 ms\)/],
    ["wants a password", (socket) => socket.write(Buffer.of(5, 0xff)), /socks5:\/\/name:password@host:port/],
  ])("requireProxy() says what is wrong with a proxy that %s", async (_, onCall, message) => {
    const { address, gone } = await listen(onCall);
    await expect(requireProxy({ address }, 1000)).rejects.toThrow(message);
    await gone();
  });
});

test.each([
  ["socks5://127.0.0.1:9050", ["127.0.0.1", 9050]],
  ["socks5h://[::1]:4447/", ["::1", 4447]],
  ["socks5://tor:9050", ["tor", 9050]],
])("parseProxy() reads %s", (text, address) => expect(parseProxy(text)).toEqual({ address }));

test.each([
  "",
  "127.0.0.1:9050",
  "http://127.0.0.1:9050",
  "socks4://127.0.0.1:9050",
  "socks5://127.0.0.1",
  "socks5://127.0.0.1:0",
  "socks5://:9050",
  "socks5://127.0.0.1:9050/path",
  "socks5://name@127.0.0.1:9050",
  "socks5://name:%ff@127.0.0.1:9050",
  `socks5://name:${"x".repeat(256)}@127.0.0.1:9050`,
])("parseProxy() refuses %s", (text) => expect(() => parseProxy(text)).toThrow(RangeError));

test.each([
  ["socks4://me:secret@127.0.0.1:9050", "socks4://…@127.0.0.1:9050"],
  ["socks5://me:se//cr@et@127.0.0.1:9050/path", "socks5://…@127.0.0.1:9050/path"],
  ["socks5://secret@127.0.0.1:9050", "socks5://…@127.0.0.1:9050"],
  ["me:secret@127.0.0.1", "…@127.0.0.1"],
])("parseProxy() does not repeat the password in %s", (text, shown) =>
  expect(() => parseProxy(text)).toThrow(`got "${shown}"`),
);

test.each([
  [{ proxy: "tor" }, /expected a proxy like/],
  [{ proxyConcurrency: 0 }, /`proxyConcurrency`/],
  [{ i2pProxyConcurrency: 1.5 }, /`i2pProxyConcurrency`/],
  [{ proxyTimeoutMs: -1 }, /`proxyTimeoutMs`/],
])("crawl() refuses %o", async (options, message) => {
  await expect(all(crawl([], options))).rejects.toThrow(message);
  await expect(all(crawlInThreads([], { threads: 1, ...options }))).rejects.toThrow(message);
});
