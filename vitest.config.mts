import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 20_000,
    // All cores: vitest would keep one for itself, and most tests wait for programs they have started.
    maxWorkers: availableParallelism(),
    // With CI set, picocolors colours what goes into a pipe too; tests read plain text.
    env: { NO_COLOR: "1" },
  },
});
