import { once } from "node:events";
import net from "node:net";
import { expect, test } from "vitest";
import { startHangingConnect, startPeer } from "@course/lib/checks";

const originalConnect = net.Socket.prototype.connect;

function connect([host, port]: readonly [string, number]): net.Socket {
  return net.connect({ host, port });
}

test("a socket that connects to a hanging address waits until the end, and other sockets connect", async () => {
  const controller = new AbortController();
  const peer = await startPeer({}, controller.signal);
  const { address, attempts, areClosed } = startHangingConnect(controller.signal);
  const hanging = connect(address);
  const socket = connect(peer.address);
  await once(socket, "connect");
  expect([attempts(), areClosed()]).toEqual([1, false]);
  // As with Node's own: what is written now waits, too. It was an error, of answers that are right.
  hanging.on("error", (error) => expect.unreachable(error.message)).write("hello");
  await new Promise(setImmediate);
  expect([hanging.connecting, hanging.destroyed]).toEqual([true, false]);
  controller.abort();
  expect([hanging.destroyed, areClosed()]).toEqual([true, true]);
  expect(net.Socket.prototype.connect).toBe(originalConnect);
  socket.destroy();
});

test("two hanging addresses at once do not disturb each other, whichever ends first", () => {
  const [first, second] = [new AbortController(), new AbortController()];
  const [one, two] = [first, second].map(({ signal }) => startHangingConnect(signal));
  expect(one.address).not.toEqual(two.address);
  first.abort();
  const hanging = connect(two.address);
  expect([one.attempts(), two.attempts()]).toEqual([0, 1]);
  hanging.destroy();
  second.abort();
  expect(net.Socket.prototype.connect).toBe(originalConnect);
});
