/** What a client under measurement is told, and what it tells: one process a run, so that nobody inherits warm code or memory. */
import { readFileSync } from "node:fs";

export interface ClientJob {
  /** File with a host and a port in each line. */
  file: string;
  concurrency: number;
  timeoutMs: number;
  /** How many times everybody is called. */
  repetitions: number;
  /** Threads that share the work; without it there is one, and no other. */
  threads?: number;
  /** Whether to say which addresses answered, by their lines. */
  track: boolean;
}

/** What a client's own code says of its run. */
export interface ClientOutcome {
  received: number;
  /** Lines of the addresses that answered, if that was asked for. */
  lines?: number[];
  /** How long each visit took, in milliseconds, in order of their starts. */
  durations?: number[];
}

export interface Measured extends ClientOutcome {
  wallMs: number;
  /** Of the whole process, from the first connection on. */
  cpuMs: number;
  /** Most memory that the process had, in MB. */
  peakMb: number;
}

/** The addresses of a file, one after the other, from its start again in each lap: none is kept. */
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

/** Does the work that the command line asks for and prints what it took. */
export async function run(work: (job: ClientJob) => Promise<ClientOutcome>): Promise<void> {
  const job = JSON.parse(process.argv[2]) as ClientJob;
  const cpu = process.cpuUsage();
  const startedAt = performance.now();
  const outcome = await work(job);
  const wallMs = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(cpu);
  const peakMb = process.resourceUsage().maxRSS / 1024;
  console.log(
    JSON.stringify({ ...outcome, wallMs, cpuMs: (user + system) / 1000, peakMb } satisfies Measured),
  );
}
