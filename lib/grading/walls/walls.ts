/** What walls are: they stand between a learner's program and the machine that grades it. */
import type { ChildProcess, StdioOptions } from "node:child_process";

/** The kinds of walls, the strongest first. */
export const ISOLATIONS = ["bubblewrap", "user", "sandbox-exec", "process"] as const;
export type Isolation = (typeof ISOLATIONS)[number];

export interface ProgramLimits {
  /** Memory of all processes together, without what they share with other programs. */
  memoryMb: number;
  /** Bytes that the program may print, for stdout and stderr each. */
  outputBytes: number;
  /** Bytes that the program may send through each of the pipes 3 and up. */
  channelBytes: number;
  /** Processes that run at once. */
  processes: number;
  /** Processor time of all processes together. */
  cpuSeconds: number;
  /** Bytes of a file that the program writes; under bubblewrap, of all its files. */
  fileBytes: number;
}

export const DEFAULT_LIMITS: ProgramLimits = {
  memoryMb: 1024,
  outputBytes: 1_000_000,
  channelBytes: 64_000_000,
  processes: 64,
  cpuSeconds: 300,
  fileBytes: 64_000_000,
};

export interface WalledProgram {
  /** Absolute path of a compiled script of lib/dist. */
  script: string;
  args?: readonly string[];
  /**
   * The folder with the learner's notebooks: the working directory. The program can read it, the course's files, and
   * nothing else.
   */
  folder: string;
  /** Variables besides PATH, HOME, TMPDIR and LANG. The program gets no others. */
  env?: Readonly<Record<string, string>>;
  /** As for `child_process.spawn`, without "ipc". Stdin is always closed. Pipes 3 and up reach the program. */
  stdio: StdioOptions;
  limits?: Partial<ProgramLimits>;
}

export interface WalledProcess {
  readonly child: ChildProcess;
  /** The limit that the program has broken, such as "it used more than 1,024 MB of memory". */
  readonly brokenLimit: string | undefined;
  /** Kills the program and all processes that it has started. */
  end(): void;
}

export interface Walls {
  readonly isolation: Isolation;
  /** Says what holds, and what does not. */
  readonly sentence: string;
  /** Whether nothing but a process of its own keeps the program apart. */
  readonly isWeak: boolean;
  /**
   * The beginning of a command in which the judge has to run: programs in these walls reach no servers but those of
   * that network. Without it the judge may run anywhere.
   */
  readonly judgeCommand?: readonly string[];
  /** Starts a program. Its end ends all processes that it has started. */
  spawn(program: WalledProgram): WalledProcess;
}
