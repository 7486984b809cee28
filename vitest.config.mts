import { availableParallelism } from "node:os";
import { configDefaults, defineConfig } from "vitest/config";

/** These need node software that `npm run test:interop` installs. */
const INTEROP = process.env.INTEROP_NODES === undefined ? ["test/interop/**"] : [];

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: [...configDefaults.exclude, ...INTEROP],
    testTimeout: 20_000,
    // All cores: vitest would keep one for itself, and most tests wait for programs they have started.
    maxWorkers: availableParallelism(),
    // With CI set, picocolors colours what goes into a pipe too; tests read plain text.
    env: { NO_COLOR: "1" },
  },
});
