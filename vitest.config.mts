import { availableParallelism } from "node:os";
import { configDefaults, defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** `npm run test:interop` installs the node software that these need, the client if there is Go, and the crate if there is Rust. */
const INTEROP = [
  ...(process.env.INTEROP_NODES === undefined ? ["test/interop/**"] : []),
  ...(process.env.INTEROP_CLIENT === undefined ? ["test/interop/client.test.ts"] : []),
  ...(process.env.INTEROP_BIP324 === undefined ? ["test/interop/bip324.test.ts"] : []),
];

/** `npm test` sets this: the beginnings of the paths of tests that do not run. */
const LEFT_OUT = (process.env.COURSE_TESTS_LEFT_OUT ?? "")
  .split(" ")
  .filter((beginning) => beginning !== "")
  .map((beginning) => `${beginning}**`);

/**
 * Tests that share a process: they change nothing that another would see, and end what they start.
 * Starting a process and loading the library takes longer than most of these files. The others measure what their
 * process has open, or share a server among the tests of a file.
 */
const MODULES = [
  "bitnodes",
  "checks",
  "commands",
  "crawl",
  "data",
  "desk",
  "discovery",
  "exercises",
  "grading",
  "kernel",
  "language",
  "lessons",
  "notebook",
  "peer",
  "practice",
  "recordings",
  "socks",
  "transport",
  "util",
  "wire",
  "workers",
].map((folder) => `test/${folder}/**/*.test.ts`);

/** Tests of these folders that measure what their process holds, memory or sockets: each has its own. */
const ALONE = ["test/discovery/mentions.test.ts", "test/practice/hostile.test.ts"];

/**
 * The files that take longest begin first: the short ones fill the end. Tests that wait for most of their time run
 * beside others that work: exercises beside lessons and the browser, peers and workers beside the grader. All else that
 * shares a process is the last, because vitest ends the process when a file of another kind is next.
 */
const ORDER = [
  /^(readme|handout)\//,
  /^kernel\/lessons/,
  /^browser\/jupyterlab/,
  /^exercises\/07/,
  /^exercises\//,
  /^(grading|practice|workers|frontier)\//,
  /^(setup|commands|kernel|browser)\//,
];

class InOrder extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId, project }: TestSpecification) => {
      const place = ORDER.findIndex((beginning) => beginning.test(moduleId.replace(/^.*\/test\//, "")));
      if (place !== -1) return place;
      return project.config.isolate ? ORDER.length : ORDER.length + 1;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}

export default defineConfig({
  test: {
    // As PROGRAM in test/helpers/limits.ts: many start programs, on machines that may be busy.
    testTimeout: 120_000,
    // Two more than there are cores: most tests wait for programs they have started.
    maxWorkers: availableParallelism() + 2,
    // Tests that are marked as concurrent run kernels, which are busy for most of their time.
    maxConcurrency: 2,
    sequence: { sequencer: InOrder },
    // With CI set, picocolors colours what goes into a pipe too; tests read plain text.
    env: { NO_COLOR: "1" },
    projects: [
      {
        extends: true,
        test: {
          name: "programs",
          include: ["test/**/*.test.ts"],
          exclude: [...configDefaults.exclude, ...INTEROP, ...LEFT_OUT, ...MODULES],
        },
      },
      { extends: true, test: { name: "alone", include: ALONE } },
      {
        extends: true,
        test: {
          name: "modules",
          include: MODULES,
          exclude: [...configDefaults.exclude, ...ALONE],
          isolate: false,
          // With one loader for the library there is one of each of its classes.
          server: { deps: { external: [/\/lib\/dist\//] } },
        },
      },
    ],
  },
});
