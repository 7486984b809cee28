/** A proxy of the practice network, without the network. */
import { expect, onTestFinished, test } from "vitest";
import type { OverlayPeer } from "../../lib/practice/population/nodes";
import { serveProxy } from "../../lib/practice/server/socks-proxy";
import { i2pHost } from "../../lib/wire/overlay-hosts";
import { askingFor, replied, replyTo } from "./proxy-callers";

test("a proxy keeps to its nodes' delays, and connects a caller that has waited", async () => {
  const peer = { network: "i2p", host: i2pHost(new Uint8Array(32)), port: 0, connectMs: 30, reply: 0 };
  const accepted: string[] = [];
  const proxy = await serveProxy({
    network: "i2p",
    peers: [peer as OverlayPeer],
    latency: 2,
    accept: ({ host }, socket) => {
      accepted.push(host);
      socket.end();
    },
  });
  onTestFinished(() => proxy.close());
  const startedAt = performance.now();
  expect(await replyTo(proxy.url, askingFor(peer.host.toUpperCase(), 0))).toBe(replied(0));
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(59);
  expect(accepted).toEqual([peer.host]);
});
