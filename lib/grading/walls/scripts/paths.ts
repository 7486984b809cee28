/** The compiled scripts of this folder. */
import path from "node:path";

export const GUARD_SCRIPT: string = path.join(__dirname, "guard.js");
export const PROBE_SCRIPT: string = path.join(__dirname, "probe.js");
export const PROBE_INSIDE_SCRIPT: string = path.join(__dirname, "probe-inside.js");
