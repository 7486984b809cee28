/**
 * `profileCpu`: measures which functions the processor runs during a piece of work.
 *
 * V8 samples the running function a thousand times per second. It reports `(idle)` when there is
 * nothing to run, `(program)` for native code, and `(garbage collector)`.
 * https://chromedevtools.github.io/devtools-protocol/v8/Profiler/
 */
import { type Profiler, Session } from "node:inspector";
import path from "node:path";
import { showTable } from "../plots/table";
import { formatCount } from "../../util/numbers";

/** The time of one function. Exported, because a cell's variable may be of this type. */
export interface CpuShare {
  /** The function's name, or `(idle)`, `(program)`, `(garbage collector)`. */
  function: string;
  /** `packet.js:52`, `a cell`, or empty. */
  place: string;
  ms: number;
  /** Its part of the total time, from 0 to 1. */
  share: number;
}

/** What the processor did during a piece of work. Exported, because a cell's variable may be of this type. */
export interface CpuProfile<T> {
  totalMs: number;
  /** The share of `(idle)`, from 0 to 1; NaN if the profiler is not available. */
  idleShare: number;
  /** `(idle)` first, then by time, most first. */
  functions: CpuShare[];
  /** What the work returned or resolved to. */
  value: T;
}

/**
 * Runs `work`, shows which functions the processor ran and for how long, and resolves to that profile.
 *
 * Rejects only with an error of `work` itself.
 */
export async function profileCpu<T>(work: () => T | Promise<T>): Promise<CpuProfile<T>> {
  const session = startProfiler();
  let profile: Profiler.Profile | undefined;
  let value: T;
  try {
    value = await work();
  } finally {
    profile = session && stopProfiler(session);
  }
  const functions = profile ? cpuShares(profile) : [];
  const totalMs = functions.reduce((sum, { ms }) => sum + ms, 0);
  const title =
    functions.length > 0
      ? `What the processor did in ${formatCount(Math.round(totalMs))} ms`
      : "The profiler of this kernel is not available: is a debugger connected?";
  showTable(cpuRows(functions), { title, most: MAX_ROWS });
  const idle = functions.find(({ function: name }) => name === IDLE);
  return { totalMs, idleShare: profile ? (idle?.share ?? 0) : NaN, functions, value };
}

const IDLE = "(idle)";
const MAX_ROWS = 12;

/** Starts the profiler. Returns undefined if there is none, or if another session uses it. */
function startProfiler(): Session | undefined {
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

function stopProfiler(session: Session): Profiler.Profile | undefined {
  try {
    const { profile } = post(session, "Profiler.stop") as Profiler.StopReturnType;
    post(session, "Profiler.disable");
    return profile;
  } catch {
    return undefined; // another session stopped it
  } finally {
    session.disconnect();
  }
}

/** Sends a command. A session with the same thread calls back before `post` returns. */
function post(session: Session, method: string): unknown {
  let response: unknown;
  session.post(method, (error, result) => {
    if (error) throw error;
    response = result;
  });
  return response;
}

/** Returns the time of each function of a profile, without the functions that it called: `(idle)` first. */
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
    const place = placeOf(url, lineNumber);
    const share = shares.get(key) ?? { function: functionName || "(no name)", place, ms: 0, share: 0 };
    share.ms += (until - at) / 1000;
    shares.set(key, share);
  });
  const functions = [...shares.values()];
  const totalMs = functions.reduce((sum, { ms }) => sum + ms, 0);
  functions.forEach((one) => (one.share = totalMs > 0 ? one.ms / totalMs : 0));
  const isIdle = ({ function: name }: CpuShare) => Number(name === IDLE);
  return functions.sort((a, b) => isIdle(b) - isIdle(a) || b.ms - a.ms);
}

/** Returns where a function is declared: `packet.js:52`, or `a cell`, because cells have no file. */
function placeOf(url: string, line: number): string {
  if (url === "") return "";
  if (url.startsWith("evalmachine")) return "a cell";
  return `${url.startsWith("node:") ? url : path.basename(url)}:${line + 1}`;
}

function cpuRows(functions: CpuShare[]): Record<string, unknown>[] {
  return functions.map(({ function: name, place, ms, share }) => ({
    function: name,
    place,
    ms: Number(ms.toFixed(1)),
    "% of time": Math.round(1000 * share) / 10,
  }));
}
