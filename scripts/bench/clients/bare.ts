/**
 * The floor: plain `net.Socket`s with a timer each, as most clients are written.
 *
 * It decodes nothing: the first bytes of a peer count as its answer.
 */
import net from "node:net";
import { addressesIn, run } from "./job";

/* eslint-disable @typescript-eslint/no-require-imports */
const { OUR_VERSION } = require("@course/lib/wire") as typeof import("@course/lib/wire");
const versionPacket = Buffer.from(OUR_VERSION);

void run(({ concurrency, timeoutMs, track, ...job }) => {
  const addresses = addressesIn(job);
  const lines: number[] = [];
  let received = 0;
  let line = -1;
  let open = 0;
  return new Promise((resolve) => {
    const connectMore = () => {
      while (open < concurrency) {
        const { done, value } = addresses.next();
        if (done) break;
        connect(value, ++line);
      }
      if (open === 0) resolve(track ? { received, lines } : { received });
    };
    const connect = ([host, port]: [string, number], line: number) => {
      open++;
      let answered = false;
      const socket = net.connect({ host, port, lookup: noDnsLookup });
      const timeOut = () => socket.destroy();
      let timer = setTimeout(timeOut, timeoutMs);
      socket.on("connect", () => {
        clearTimeout(timer);
        timer = setTimeout(timeOut, timeoutMs);
        socket.write(versionPacket);
      });
      socket.on("data", () => {
        if (!answered) {
          received++;
          if (track) lines.push(line);
        }
        answered = true;
        socket.destroy();
      });
      socket.on("error", () => {});
      socket.on("close", () => {
        clearTimeout(timer);
        open--;
        connectMore();
      });
    };
    connectMore();
  });
});

/** Fails the look-up of any name: names that end in .onion have no IP address. */
function noDnsLookup(
  _host: string,
  _options: unknown,
  callback: (error: NodeJS.ErrnoException, address: string) => void,
): void {
  callback(new Error("a name"), "");
}
