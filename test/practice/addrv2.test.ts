/** What practice peers answer to callers who read addrv2, and to those who do not. */
import type { AddressTuple } from "@course/lib/peer";
import net from "node:net";
import { expect, onTestFinished, test, vi } from "vitest";
import { countBy } from "../../lib/data/statistics";
import { AddressBooks } from "../../lib/practice/behaviour/address-books";
import { BEHAVIOURS } from "../../lib/practice/behaviour/behaviours";
import { OverlayAddresses } from "../../lib/practice/behaviour/overlay-addresses";
import { PeerSession } from "../../lib/practice/behaviour/session";
import { MODEL_2018 } from "../../lib/practice/population/model-2018";
import type { AddrMessage } from "../../lib/wire/addr";
import type { AddrV2Message } from "../../lib/wire/addrv2";
import { parseMessage } from "../../lib/wire/messages";
import { serializePacket } from "../../lib/wire/packet";
import { OUR_VERSION } from "../../lib/wire/version-message";
import { listen } from "../helpers/loopback";
import { connectTo, closed, receive } from "./connections";

const PEERS = 200;
const ONION = "pg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscryd.onion";
const ONIONS = [{ network: "tor" as const, host: ONION, port: 8333, versionInfo: { services: 1033 } }];

const overlays = (seed: number) => new OverlayAddresses(seed, ONIONS, MODEL_2018.gossip.overlayStrangers);

/** Starts a polite peer of this protocol version that knows a network, and returns a connection to it. */
async function peerOf(version: number, waits = { delayMs: 0, roundTripMs: 0 }): Promise<net.Socket> {
  const peers = Array.from({ length: PEERS }, (_, i) => ({
    versionInfo: {
      version: i === 0 ? version : 70015,
      services: 1037,
      userAgent: "/Satoshi:0.21.0/",
      startHeight: 1,
      relay: true,
      clockSkewSeconds: 0,
    },
    ...waits,
    variant: 0,
  }));
  const addresses = peers.map((_, i): AddressTuple => [`127.33.1.${i}`, 8333]);
  const books = new AddressBooks(1, peers, addresses, overlays(1), MODEL_2018.gossip);
  const { address } = await listen(
    (socket) => new PeerSession(peers[0], BEHAVIOURS["polite-modern"], socket, 1, books),
  );
  const socket = await connectTo(address.join(":"));
  socket.write(OUR_VERSION);
  await receive(socket, 4); // version, wtxidrelay, sendaddrv2, verack
  return socket;
}

/** Sends these commands, and returns the message that comes back. */
async function answerTo(socket: net.Socket, ...commands: string[]): Promise<AddrMessage | AddrV2Message> {
  for (const command of commands) socket.write(serializePacket(command));
  const [packet] = await receive(socket, 1);
  return parseMessage(packet) as AddrMessage | AddrV2Message;
}

test("who has said sendaddrv2 before verack is answered by addrv2, with addresses in every network", async () => {
  const answer = await answerTo(await peerOf(70016), "sendaddrv2", "verack", "getaddr");
  expect(answer.command).toBe("addrv2");
  const { addresses } = answer as AddrV2Message;
  const networks = countBy(addresses, ({ networkId }) => String(networkId));
  expect(networks.get("1")).toBeGreaterThan(50);
  expect(networks.size).toBeGreaterThan(1);
  expect(new Set(addresses.map(({ host, port }) => `${host} ${port}`)).size).toBe(addresses.length);
});

test("who has not said sendaddrv2 is answered by addr", async () => {
  const answer = await answerTo(await peerOf(70016), "verack", "getaddr");
  expect(answer.command).toBe("addr");
});

test("a peer that is too old for addrv2 does not know sendaddrv2, and answers by addr", async () => {
  const answer = await answerTo(await peerOf(70015), "sendaddrv2", "verack", "getaddr");
  expect(answer.command).toBe("addr");
});

test("who says sendaddrv2 after verack is hung up on, as Bitcoin Core does", async () => {
  const socket = await peerOf(70016);
  socket.write(serializePacket("verack"));
  socket.write(serializePacket("sendaddrv2"));
  await closed(socket.resume());
});

test("all answers of a network together have its onions, and some of I2P, CJDNS and a network of tomorrow", () => {
  const all = (seed: number) => Array.from({ length: overlays(seed).size }, (_, i) => overlays(seed).at(i));
  const networks = countBy(all(7), ({ networkId }) => String(networkId));
  expect(Object.fromEntries(networks)).toEqual({ 4: 1, 5: 5, 6: 2, 42: 2 });
  expect(all(7)).toEqual(all(7));
  expect(all(7)).not.toEqual(all(8));
});

test("a peer's first answer takes its delay, which stands for two round trips, and the next takes one", async () => {
  const timers = vi.spyOn(globalThis, "setTimeout");
  onTestFinished(() => timers.mockRestore());
  const socket = await peerOf(70016, { delayMs: 10.5, roundTripMs: 5.25 });
  await answerTo(socket, "verack", "getaddr");
  const waits = timers.mock.calls.map(([, ms]) => ms).filter((ms) => ms === 10.5 || ms === 5.25);
  expect(waits).toEqual([10.5, 5.25]);
});
