/** How a kind of walls starts a program: the command, and what has to be done at its end. */
import fs from "node:fs";
import path from "node:path";
import { courseFiles } from "./course-files";
import { DEFAULT_LIMITS, type ProgramLimits, type WalledProgram } from "./walls";

export interface Launch {
  /** The program and its arguments, with absolute paths. */
  command: string[];
  /** The working directory of the command. */
  folder: string;
  env: Record<string, string>;
  /** The user whose processes are all of this program. */
  uid?: number;
  /** The value of `MARKER` in the environment of the program's processes. */
  marker?: string;
  /** A command that kills what the process group's end leaves. */
  killCommand?: string[];
  /** Whether all processes end with the first by themselves. */
  isOneEnd?: boolean;
  /** Whether the processes are in /proc, so that their memory and number can be watched. */
  isWatched: boolean;
  /** Removes temporary files. */
  cleanUp?(): void;
}

/** A variable that marks the processes of a program, where no kernel keeps them together. */
export const MARKER = "COURSE_WALLED";

/** Returns all limits of a program. */
export function limitsOf({ limits }: WalledProgram): ProgramLimits {
  return { ...DEFAULT_LIMITS, ...limits };
}

/** Returns what the program may read besides its folder, without links. */
export function readableOf({ script }: WalledProgram): string[] {
  return [...courseFiles(), script].map((file) => fs.realpathSync(file));
}

/** Returns the environment of a program. Nothing of the grader's own is in it. */
export function environmentOf(
  program: WalledProgram,
  home: string,
  temporary: string,
): Record<string, string> {
  const folders = [path.dirname(process.execPath), "/usr/local/bin", "/usr/bin", "/bin"];
  return {
    ...(process.platform === "win32" && process.env.SystemRoot ? { SystemRoot: process.env.SystemRoot } : {}),
    PATH: [...new Set(folders)].join(path.delimiter),
    HOME: home,
    TMPDIR: temporary,
    LANG: "C.UTF-8",
    ...program.env,
  };
}

/** Returns Node with its flags, and the script with its arguments. */
export function nodeCommand(program: WalledProgram, script: string, flags: readonly string[] = []): string[] {
  const { memoryMb } = limitsOf(program);
  const heap = `--max-old-space-size=${memoryMb}`;
  return [process.execPath, heap, ...flags, script, ...(program.args ?? [])];
}
