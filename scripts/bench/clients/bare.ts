/**
 * The floor: plain `net.Socket`s that decode nothing, with a timer each, as most clients are written.
 * Whatever comes first counts as an answer.
 */
import net from "node:net";
import { addressesIn, run } from "./job";

/* eslint-disable @typescript-eslint/no-require-imports */
const { OUR_VERSION } = require("@course/lib/wire") as typeof import("@course/lib/wire");
const versionInfo = Buffer.from(OUR_VERSION);

void run(({ concurrency, timeoutMs, track, ...job }) => {
  const addresses = addressesIn(job);
  const lines: number[] = [];
  let received = 0;
  let line = -1;
  let open = 0;
  return new Promise((resolve) => {
    const fill = () => {
      while (open < concurrency) {
        const { done, value } = addresses.next();
        if (done) break;
        call(value, ++line);
      }
      if (open === 0) resolve(track ? { received, lines } : { received });
    };
    const call = ([host, port]: [string, number], line: number) => {
      open++;
      let answered = false;
      const socket = net.connect({ host, port, lookup: refuse });
      const giveUp = () => socket.destroy();
      let timer = setTimeout(giveUp, timeoutMs);
      socket.on("connect", () => {
        clearTimeout(timer);
        timer = setTimeout(giveUp, timeoutMs);
        socket.write(versionInfo);
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
        fill();
      });
    };
    fill();
  });
});

/** Names are not looked up: those that end in .onion have no address. */
function refuse(
  _host: string,
  _options: unknown,
  callback: (error: NodeJS.ErrnoException, address: string) => void,
): void {
  callback(new Error("a name"), "");
}
