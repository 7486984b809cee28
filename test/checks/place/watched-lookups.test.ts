import dns from "node:dns";
import net from "node:net";
import { once } from "node:events";
import { expect, test } from "vitest";
import { watchLookups } from "../../../lib/checks/place/watched-lookups";

const originalLookup = dns.lookup;

test("a socket that looks up a name of Tor is noted, and no name server is asked; two may watch at once", async () => {
  const [first, second] = [new AbortController(), new AbortController()];
  const [one, two] = [first, second].map(({ signal }) => watchLookups(signal));
  const name = "expyuzz4wqqyqhjn.onion";
  const socket = net.connect({ host: name, port: 8333 });
  const [error] = (await once(socket, "error")) as [NodeJS.ErrnoException];
  expect(error.code).toBe("ENOTFOUND");
  expect([one.names(), two.names()]).toEqual([[name], [name]]);
  first.abort();
  expect(dns.lookup).not.toBe(originalLookup);
  second.abort();
  expect(dns.lookup).toBe(originalLookup);
});

test("other names are looked up as usual, and not noted", async () => {
  const controller = new AbortController();
  const { names } = watchLookups(controller.signal);
  const found = await new Promise((resolve) =>
    dns.lookup("127.0.0.1", (_error, address) => resolve(address)),
  );
  expect([found, names()]).toEqual(["127.0.0.1", []]);
  controller.abort();
});
