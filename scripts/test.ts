/** `npm test`: runs all tests. */
import { spawnSync } from "node:child_process";

const vitest = require.resolve("vitest/vitest.mjs");
process.exit(
  spawnSync(process.execPath, [vitest, "run", ...process.argv.slice(2)], { stdio: "inherit" }).status ?? 1,
);
