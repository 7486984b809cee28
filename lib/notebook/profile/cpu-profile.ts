/**
 * `profileCpu`: what the processor did meanwhile.
 *
 * V8 looks a thousand times a second at which function is running, and says `(idle)` when none is
 * because there is nothing to do, `(program)` for its own native code, `(garbage collector)` for that.
 * https://chromedevtools.github.io/devtools-protocol/v8/Profiler/
 */
import { type Profiler, Session } from "node:inspector";
import path from "node:path";
import { showTable } from "../plots/table";
import { formatCount } from "../../util/numbers";

/** What one function took of the time. */
export interface CpuShare {
  /** `(idle)` for a processor without work, `(program)` and `(garbage collector)` for what is no function. */
  function: string;
  /** `packet.js:52`, `a cell`, or empty. */
  place: string;
  ms: number;
  /** From 0 to 1. */
  share: number;
}

/** What the processor did during a piece of work. */
export interface CpuProfile<T> {
  totalMs: number;
  /** The part of the time without anything to do, from 0 to 1; NaN if there is no profiler here. */
  idleShare: number;
  /** `(idle)` first, then by time, most first. */
  functions: CpuShare[];
  /** What the work gave. */
  value: T;
}

/** Runs `work`, shows which functions the processor was in meanwhile and for how long, and returns that. Rejects with the error of `work` alone. */
export async function profileCpu<T>(work: () => T | Promise<T>): Promise<CpuProfile<T>> {
  const session = start();
  let profile: Profiler.Profile | undefined;
  let value: T;
  try {
    value = await work();
  } finally {
    profile = session && stop(session);
  }
  const functions = profile ? cpuShares(profile) : [];
  const totalMs = functions.reduce((sum, { ms }) => sum + ms, 0);
  showTable(cpuRows(functions), { title: title(functions, totalMs), most: ROWS });
  const idle = functions.find(({ function: name }) => name === IDLE);
  return { totalMs, idleShare: profile ? (idle?.share ?? 0) : NaN, functions, value };
}

const IDLE = "(idle)";
const ROWS = 12;

/** A profiler that runs; undefined where there is none, or it is taken. */
function start(): Session | undefined {
  const session = new Session();
  try {
    session.connect();
    post(session, "Profiler.enable");
    post(session, "Profiler.start");
    return session;
  } catch {
    session.disconnect();
    return undefined;
  }
}

function stop(session: Session): Profiler.Profile | undefined {
  try {
    const { profile } = post(session, "Profiler.stop") as Profiler.StopReturnType;
    post(session, "Profiler.disable");
    return profile;
  } catch {
    return undefined; // somebody else has stopped it
  } finally {
    session.disconnect();
  }
}

/** A session within the same thread answers before `post` returns. */
function post(session: Session, method: string): unknown {
  let answer: unknown;
  session.post(method, (error, result) => {
    if (error) throw error;
    answer = result;
  });
  return answer;
}

/** The time of each function of a profile, its calls of others left out. */
export function cpuShares({
  nodes,
  samples = [],
  timeDeltas = [],
  startTime,
  endTime,
}: Profiler.Profile): CpuShare[] {
  const byId = new Map(nodes.map((node) => [node.id, node.callFrame]));
  const shares = new Map<string, CpuShare>();
  let at = startTime;
  samples.forEach((id, i) => {
    at += timeDeltas[i];
    const until = i + 1 < samples.length ? at + timeDeltas[i + 1] : endTime;
    const { functionName, url, lineNumber } = byId.get(id)!;
    const key = `${functionName} ${url} ${lineNumber}`;
    const share = shares.get(key) ?? { ...named(functionName, url, lineNumber), ms: 0, share: 0 };
    share.ms += (until - at) / 1000;
    shares.set(key, share);
  });
  return sorted([...shares.values()]);
}

/** What a function is called, and where it stands. Cells have no file. */
function named(name: string, url: string, line: number): Pick<CpuShare, "function" | "place"> {
  const file = url.startsWith("evalmachine") ? "a cell" : url.startsWith("node:") ? url : path.basename(url);
  return { function: name || "(no name)", place: url && file !== "a cell" ? `${file}:${line + 1}` : file };
}

function sorted(functions: CpuShare[]): CpuShare[] {
  const wholeMs = functions.reduce((sum, { ms }) => sum + ms, 0);
  functions.forEach((one) => (one.share = wholeMs > 0 ? one.ms / wholeMs : 0));
  const isIdle = ({ function: name }: CpuShare) => Number(name === IDLE);
  return functions.sort((a, b) => isIdle(b) - isIdle(a) || b.ms - a.ms);
}

function cpuRows(functions: CpuShare[]): Record<string, unknown>[] {
  return functions.map(({ function: name, place, ms, share }) => ({
    function: name,
    place,
    ms: Number(ms.toFixed(1)),
    "% of time": Math.round(1000 * share) / 10,
  }));
}

function title(functions: CpuShare[], totalMs: number): string {
  if (functions.length === 0) return "The profiler of this kernel is not to be had: is a debugger connected?";
  return `What the processor did in ${formatCount(Math.round(totalMs))} ms`;
}
