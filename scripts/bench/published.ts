/**
 * Published JavaScript implementations that read version messages, each through its own API.
 *
 * They are installed into .course/nodes/, as by `npm run record`.
 */
import { createRequire } from "node:module";
import path from "node:path";
import { nameOf, NODE_SOFTWARE, type NodeSoftware } from "../node-software/releases";
import { install } from "../node-software/run";

/** Reads a whole version packet to its last field. Throws an Error if it is not one. */
export type Read = (packet: Buffer) => unknown;

/** Loads a module of an installed package. The compiler knows no types of it. */
type Load = (name: string) => any; // eslint-disable-line @typescript-eslint/no-explicit-any

const READERS: Record<string, (load: Load) => Read> = {
  bcoin(load) {
    process.env.NODE_BACKEND = "js"; // its native parts do not build on current Node.js
    const Parser = load("bcoin/lib/net/parser");
    const parser = new Parser("main");
    let read: unknown;
    parser.on("packet", (packet: unknown) => (read = packet));
    parser.on("error", (error: Error) => {
      throw error;
    });
    return (packet) => {
      parser.feed(packet);
      return read;
    };
  },

  "bitcore-p2p"(load) {
    const Messages = load("bitcore-p2p/lib/messages");
    const messages = new Messages();
    // the part of its byte queue that parseBuffer uses; a whole packet is always in it
    const queue = (packet: Buffer) => ({
      length: packet.length,
      get: (i: number) => packet[i],
      slice: (start: number, end: number) => packet.subarray(start, end),
      skip: () => {},
    });
    return (packet) => messages.parseBuffer(queue(packet));
  },
};

/** Installs the implementations and returns their readers, by name and version. */
export async function publishedReaders(signal?: AbortSignal): Promise<{ name: string; read: Read }[]> {
  const releases = NODE_SOFTWARE.filter(({ software }) => software in READERS);
  const readers: { name: string; read: Read }[] = [];
  for (const release of releases) readers.push({ name: nameOf(release), read: await load(release, signal) });
  return readers;
}

async function load(release: NodeSoftware, signal?: AbortSignal): Promise<Read> {
  const folder = await install(release, signal);
  return READERS[release.software](createRequire(path.join(folder, "package.json")));
}
