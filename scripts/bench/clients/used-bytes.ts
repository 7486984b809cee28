/** The memory that this process uses, counted to the byte. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** Returns the bytes of all objects and buffers that are in use. */
export function usedBytes(): number {
  // A collection hands the buffers that nobody needs to another thread, which frees them when it gets to it; until
  // then they count. The next collection begins by waiting for that thread.
  collectGarbage();
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
