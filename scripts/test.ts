/** `npm test`: runs all tests. */
import { spawnSync } from "node:child_process";
import path from "node:path";

const vitest = path.join(__dirname, "..", "node_modules", "vitest", "vitest.mjs");
process.exit(
  spawnSync(process.execPath, [vitest, "run", ...process.argv.slice(2)], { stdio: "inherit" }).status ?? 1,
);
