import { availableParallelism } from "node:os";
import { configDefaults, defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** These need node software that `npm run test:interop` installs. */
const INTEROP = process.env.INTEROP_NODES === undefined ? ["test/interop/**"] : [];

/** The files that take longest, those with programs, kernels and browsers in them, begin first: the short ones fill the end. */
const LONGEST = ["readme", "kernel", "grading", "browser", "setup"];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const place = LONGEST.findIndex((folder) => moduleId.includes(`/test/${folder}/`));
      return place === -1 ? LONGEST.length : place;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: [...configDefaults.exclude, ...INTEROP],
    testTimeout: 20_000,
    // One more than there are cores: most tests wait for programs they have started.
    maxWorkers: availableParallelism() + 1,
    sequence: { sequencer: LongestFirst },
    // With CI set, picocolors colours what goes into a pipe too; tests read plain text.
    env: { NO_COLOR: "1" },
  },
});
