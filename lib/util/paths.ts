/** The library's folders on this machine. */
import path from "node:path";

/** The folder of what runs: the compiled library, `lib/dist`. */
export const DIST: string = path.join(__dirname, "..");
/** The folder of the library's sources, `lib`: tests run some of them as they are. */
export const LIB: string = path.basename(DIST) === "dist" ? path.join(DIST, "..") : DIST;
