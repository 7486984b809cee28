/** What the library waits for ends when the cell is interrupted: here with a kernel that has nothing but a signal. */
import { EventEmitter, getEventListeners, once } from "node:events";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { setImmediate as turn } from "node:timers/promises";
import { getGlobalDispatcher, setGlobalDispatcher } from "undici";
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { BITNODES_URL, getNodes } from "@course/lib/bitnodes";
import { WorkerWatch } from "@course/lib/checks";
import { mapPool } from "@course/lib/crawl";
import { check, threadFrom } from "@course/lib/notebook";
import { getAddresses, getVersionMessage, visit, withTimeout } from "@course/lib/peer";
import { joinNetwork } from "@course/lib/practice";
import { getVersionMessagesMultiprocess, getVersionMessagesThreaded } from "@course/lib/workers";
import { answeringPeer, holdingPeer } from "../helpers/peers";
import { repeat } from "../helpers/visits";

let controller: AbortController;
const interrupted = new EventEmitter();

/** What the kernel gives as the reason. */
const REASON = Object.assign(new Error("the cell was interrupted"), {
  name: "AbortError",
  isInterrupt: true,
});

const collectUncaught = async (work: () => Promise<unknown>) => ({ result: await work(), uncaught: [] });

beforeEach(() => {
  controller = new AbortController();
  vi.stubGlobal("__tslab__", {
    exports: {},
    kernel: { signal: controller.signal, collectUncaught, placesOf: () => [] },
  });
});
afterEach(() => void vi.unstubAllGlobals());

function interrupt(): void {
  controller.abort(REASON);
}

test.each([
  ["visit()", visit],
  ["getVersionMessage()", getVersionMessage],
  ["getAddresses()", getAddresses],
])("%s rejects when the cell is interrupted, and closes its socket", async (_, call) => {
  const peer = await holdingPeer();
  const calling = call(peer.address);
  await peer.callersReach(1);
  interrupt();
  await expect(calling).rejects.toBe(REASON);
  await peer.gone();
});

test("many visits share one listener, and leave none of their own behind", async () => {
  const peer = await answeringPeer();
  const held = await holdingPeer();
  const visiting = visit(held.address).catch(() => "ended");
  for (let i = 0; i < 10; i++) await Promise.all(repeat(peer.address, 10).map(visit));
  expect(getEventListeners(controller.signal, "abort")).toHaveLength(1);
  interrupt();
  expect(await visiting).toBe("ended");
});

test("a pool that nobody can stop ends with the first visit that is interrupted", async () => {
  const peer = await holdingPeer();
  const pool = mapPool(repeat(peer.address, 100), 10, visit);
  await peer.callersReach(10);
  interrupt();
  await expect(pool).rejects.toBe(REASON);
  await peer.allGone();
  expect(peer.sockets).toHaveLength(10);
});

// The cell's code runs on when the cell is over, and may take each rejection for a peer's failure.
test("a loop that goes on after the interrupt calls nobody, and lets the event loop have its turns", async () => {
  const peer = await holdingPeer();
  let rejected = 0;
  let isWanted = true;
  const loop = (async () => {
    while (isWanted) await visit(peer.address).catch(() => rejected++);
  })();
  await peer.callersReach(1);
  interrupt();
  for (let turns = 0; turns < 5; turns++) await turn();
  isWanted = false;
  await loop;
  expect(rejected).toBeGreaterThan(100);
  expect(peer.sockets.length).toBeLessThan(10);
});

test("withTimeout() of an answer in time takes no notice of a later interrupt", async () => {
  expect(await withTimeout(1000, "ANSWER_TIMEOUT", Promise.resolve(5))).toBe(5);
  interrupt();
  await expect(withTimeout(1000, "ANSWER_TIMEOUT", new Promise(() => {}))).rejects.toBe(REASON);
});

test.each([
  ["threads", getVersionMessagesThreaded],
  ["processes", getVersionMessagesMultiprocess],
])("%s end when the cell is interrupted, and so does the call that started them", async (_, call) => {
  const watch = new WorkerWatch(AbortSignal.any([]));
  onTestFinished(() => watch.end());
  const peer = await holdingPeer();
  const calling = call(repeat(peer.address, 10), 2);
  await peer.callersReach(2);
  interrupt();
  await expect(calling).rejects.toBe(REASON);
  await Promise.all(watch.started.map(({ gone }) => gone));
  expect(watch.started).toHaveLength(2);
});

test("check() ends when the cell is interrupted, and prints no verdict", async () => {
  const print = vi.spyOn(console, "log");
  onTestFinished(() => print.mockRestore());
  let begun = (): void => {};
  const isBegun = new Promise<void>((resolve) => (begun = resolve));
  const checking = check("greeting", () => new Promise(begun));
  await isBegun;
  interrupt();
  await checking;
  expect(print).not.toHaveBeenCalled();
});

test("a thread of threadFrom() ends when the cell is interrupted", async () => {
  const thread = threadFrom("setInterval(() => {}, 1000);");
  await once(thread, "online");
  const exited = once(thread, "exit");
  interrupt();
  expect(await exited).toEqual([1]);
});

test("getNodes() rejects when the cell is interrupted, and closes its connection", async () => {
  const dispatcher = getGlobalDispatcher();
  onTestFinished(() => setGlobalDispatcher(dispatcher));
  const server = http.createServer(() => interrupted.emit("asked")).listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  await joinNetwork({ env: { BITNODES_URL: `http://127.0.0.1:${port}/api/v1/` }, log: () => {} });
  expect(BITNODES_URL).toContain(String(port));

  const connected = once(server, "connection");
  const asked = once(interrupted, "asked");
  const nodes = getNodes();
  const [socket] = (await connected) as [EventEmitter];
  const closed = once(socket, "close");
  await asked;
  interrupt();
  await expect(nodes).rejects.toBe(REASON);
  await closed;
});
