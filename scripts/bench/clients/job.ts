/**
 * The job of a client under measurement, and the result that it prints, both as JSON.
 *
 * Each run is a new process, so that no run inherits warm code or memory.
 */
import { readFileSync } from "node:fs";

export interface ClientJob {
  /** Path of a file with a host and a port per line. */
  file: string;
  concurrency: number;
  timeoutMs: number;
  /** How many times all addresses are called. */
  repetitions: number;
  /** Number of worker threads; if not given, the main thread does all the work. */
  threads?: number;
  /** Whether to try the encrypted transport first. */
  v2?: boolean;
  /** Whether to report the lines of the addresses that answered. */
  track: boolean;
}

/** The job of a discovery. Its file says which addresses there are; it begins with the seeds alone. */
export interface DiscoverJob extends ClientJob {
  seeds: [host: string, port: number][];
  /** Path of a file for the addresses that were heard of, a host and a port per line. */
  heardFile: string;
}

/** What a client's own code reports about its run. */
export interface ClientOutcome {
  received: number;
  /** Lines of the addresses that answered, if the job asks for them. */
  lines?: number[];
  /** Durations of the visits in milliseconds, in order of their starts. */
  durations?: number[];
  /** Of a discovery: lines of the addresses that it has heard of. */
  known?: number[];
  /** Of a discovery: how many addresses peers have named, and how many different ones. */
  mentions?: number;
  heardOf?: number;
  /** Of a discovery: the memory that is in use at its end and was not before, in bytes. */
  bytes?: number;
}

export interface Measured extends ClientOutcome {
  wallMs: number;
  /** CPU time of the whole process from the first connection on, in milliseconds. */
  cpuMs: number;
  /** Peak memory of the process, in MB. */
  peakMb: number;
}

/** Yields the addresses of a file, `repetitions` times. Keeps none in memory. */
export function* addressesIn({
  file,
  repetitions,
}: Pick<ClientJob, "file" | "repetitions">): Generator<[host: string, port: number]> {
  const text = readFileSync(file, "latin1");
  for (let repetition = 0; repetition < repetitions; repetition++) {
    for (let start = 0; start < text.length;) {
      const end = text.indexOf("\n", start);
      const space = text.indexOf(" ", start);
      yield [text.slice(start, space), Number(text.slice(space + 1, end))];
      start = end + 1;
    }
  }
}

/** Reads the job from the command line. */
export function readJob<Job extends ClientJob = ClientJob>(): Job {
  return JSON.parse(process.argv[2]) as Job;
}

/**
 * Does the job of the command line, and prints its result as JSON. If `work` resolves with a function, that
 * makes the result of what was kept, and its time does not count.
 */
export async function run<Job extends ClientJob>(
  work: (job: Job) => Promise<ClientOutcome | (() => ClientOutcome)>,
): Promise<void> {
  const job = readJob<Job>();
  const cpu = process.cpuUsage();
  const startedAt = performance.now();
  const done = await work(job);
  const wallMs = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(cpu);
  const peakMb = process.resourceUsage().maxRSS / 1024;
  const outcome = typeof done === "function" ? done() : done;
  console.log(
    JSON.stringify({ ...outcome, wallMs, cpuMs: (user + system) / 1000, peakMb } satisfies Measured),
  );
}
