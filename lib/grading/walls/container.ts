/** Walls of a container, for graders that ask for them. */
import { randomUUID } from "node:crypto";
import fs from "node:fs";
import { NOBODY } from "./bubblewrap-command";
import { limitsOf, nodeCommand, readableOf } from "./launch";
import { start } from "./walled-process";
import type { ProgramLimits, WalledProcess, WalledProgram, Walls } from "./walls";

/** Names another image, with Node.js of the same major version and the C library of this machine. */
const IMAGE_VARIABLE = "COURSE_GRADER_IMAGE";
/** Threads for each process: an engine counts both together. */
const THREADS = 16;
const MEGABYTE = 1024 * 1024;

export interface ContainerOptions {
  /** The path of podman. */
  engine: string;
  name: string;
  image: string;
  readable: readonly string[];
  folder: string;
  env: Readonly<Record<string, string>>;
  /** How many pipes from 3 up the program gets. */
  pipes: number;
  limits: ProgramLimits;
}

/** Returns the beginning of a command that runs what follows it in a container. */
export function containerCommand(options: ContainerOptions): string[] {
  const { engine, name, image, readable, folder, env, pipes, limits } = options;
  const mount = (file: string): string[] => ["--volume", `${file}:${file}:ro`];
  return [
    ...[engine, "run", "--rm", "--name", name, "--pull", "missing"],
    ...["--network", "none", "--read-only", "--cap-drop", "all", "--security-opt", "no-new-privileges"],
    ...["--user", `${NOBODY}:${NOBODY}`, "--init"],
    ...["--tmpfs", `/tmp:rw,mode=1777,size=${Math.ceil(limits.fileBytes)}`],
    ...["--memory", `${limits.memoryMb * MEGABYTE}`, "--memory-swap", `${limits.memoryMb * MEGABYTE}`],
    ...["--pids-limit", String(limits.processes * THREADS)],
    ...["--ulimit", `cpu=${Math.ceil(limits.cpuSeconds)}`],
    // The container ends by itself if the grader cannot end it.
    ...["--timeout", String(Math.ceil(limits.cpuSeconds))],
    ...(pipes > 0 ? ["--preserve-fds", String(pipes)] : []),
    ...[...new Set([...readable, folder])].flatMap(mount),
    ...["--workdir", folder],
    ...Object.entries(env).flatMap(([key, value]) => ["--env", `${key}=${value}`]),
    image,
  ];
}

/** Returns the image to use: that of this Node.js, or the one that the environment names. */
export function imageName(env: NodeJS.ProcessEnv = process.env): string {
  return env[IMAGE_VARIABLE] ?? `node:${process.versions.node.split(".")[0]}-slim`;
}

export class ContainerWalls implements Walls {
  readonly isolation = "container";
  readonly isWeak = false;
  readonly sentence =
    "Learners' code runs in a container: it reads the course's files alone, writes none, " +
    "and reaches no network and no processes but its own.";

  /** @param engine The path of podman. Docker hands no pipes over besides stdin, stdout and stderr. */
  constructor(private readonly engine: string) {}

  spawn(program: WalledProgram): WalledProcess {
    const limits = limitsOf(program);
    const folder = fs.realpathSync(program.folder);
    const name = `course-walls-${randomUUID()}`;
    const { engine } = this;
    const { stdio } = program;
    const walls = containerCommand({
      ...{ engine, name, folder, limits, image: imageName() },
      readable: readableOf(program),
      // The image has a Node.js and a PATH of its own.
      env: { HOME: "/tmp", TMPDIR: "/tmp", LANG: "C.UTF-8", ...program.env },
      pipes: typeof stdio === "string" ? 0 : Math.max(0, stdio.length - 3),
    });
    const [, ...node] = nodeCommand(program, fs.realpathSync(program.script));
    const launch = {
      command: [...walls, "node", ...node],
      ...{ folder, isWatched: false, isOneEnd: true },
      // The engine, not the program, gets the grader's: it finds its settings by HOME and XDG_RUNTIME_DIR.
      env: process.env as Record<string, string>,
      killCommand: [engine, "rm", "--force", "--time", "0", name],
    };
    return start(launch, stdio, limits);
  }
}
