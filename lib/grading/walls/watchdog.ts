/** Looks at all walled programs ten times per second, with at most one reading of the process table. */
import { HAS_PROC, type ProcessEntry, readProcesses } from "./process-table";

/** Reading /proc takes a few milliseconds; starting `ps` takes more. */
const INTERVAL_MS = HAS_PROC ? 100 : 500;

/** Is given what reads the process table, for who needs all of it. */
type Look = (readTable: () => ProcessEntry[]) => void;

const looks = new Set<Look>();
let timer: NodeJS.Timeout | undefined;

/** Calls `look` again and again. Returns what ends that. */
export function watch(look: Look): () => void {
  looks.add(look);
  timer ??= setInterval(lookAtAll, INTERVAL_MS).unref();
  return () => {
    looks.delete(look);
    if (looks.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

function lookAtAll(): void {
  let table: ProcessEntry[] | undefined;
  for (const look of [...looks]) look(() => (table ??= readProcesses()));
}
