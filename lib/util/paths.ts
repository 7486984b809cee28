/** The library's folders on this machine. */
import path from "node:path";

/** The folder of the compiled library, `lib/dist`. */
export const DIST: string = path.join(__dirname, "..");
/** The folder of the library's sources, `lib`. */
export const LIB: string = path.join(DIST, "..");
