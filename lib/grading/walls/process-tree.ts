/** The processes of one program, also those that have left their parent. */
import { MARKER } from "./launch";
import { hasVariable, memoryOf, type ProcessEntry, readProcesses, userOf } from "./process-table";

interface TreeOptions {
  pid: number;
  /** The user whose processes all belong to the tree. */
  uid?: number;
  /** The value of `MARKER` in the environment of the processes. */
  marker?: string;
}

/** Rounds of looking and killing. Two are enough unless processes start others meanwhile. */
const MAX_ROUNDS = 50;

export class ProcessTree {
  /** When a member started, by its id. A member stays one when its parent ends. */
  private readonly known = new Map<number, string>();
  private readonly sessions = new Set<number>();
  /** Processor time of each member, also of those that have ended. */
  private readonly cpu = new Map<string, number>();

  constructor(private readonly options: TreeOptions) {
    // The program's first process leads a session, which its children stay in unless they open one.
    this.sessions.add(options.pid);
  }

  /**
   * Returns the members among the processes that run now.
   *
   * @param isThorough Also searches the environment of the processes for the marker.
   */
  members(table: ProcessEntry[], isThorough = false): ProcessEntry[] {
    const members = new Map<number, ProcessEntry>();
    const add = (entry: ProcessEntry): void => {
      members.set(entry.pid, entry);
      this.known.set(entry.pid, entry.started);
      if (entry.session === entry.pid) this.sessions.add(entry.session);
      this.cpu.set(nameOf(entry), entry.cpuSeconds);
      for (const child of children.get(entry.pid) ?? []) if (!members.has(child.pid)) add(child);
    };
    const children = byParent(table);
    for (const entry of table) if (!members.has(entry.pid) && this.isMember(entry, isThorough)) add(entry);
    return [...members.values()];
  }

  /** Returns the processor time that the members have used until they were last looked at. */
  get cpuSeconds(): number {
    return [...this.cpu.values()].reduce((sum, seconds) => sum + seconds, 0);
  }

  /** Kills all members, again and again until a look finds no new one. */
  kill(): void {
    const killed = new Set<string>();
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const members = this.members(readProcesses(), true).filter((entry) => !killed.has(nameOf(entry)));
      if (members.length === 0) return;
      for (const entry of members) killed.add(nameOf(entry));
      for (const { pid } of members) signal(pid, "SIGSTOP"); // a stopped process starts no other
      for (const { pid } of members) signal(pid, "SIGKILL");
    }
  }

  private isMember({ pid, session, started }: ProcessEntry, isThorough: boolean): boolean {
    const { uid, marker } = this.options;
    if (pid === process.pid) return false;
    const known = this.known.get(pid);
    if (known === started) return true;
    return (
      // The system gives the id of a process that has ended to another one.
      (pid === this.options.pid && known === undefined) ||
      this.sessions.has(session) ||
      (uid !== undefined && userOf(pid) === uid) ||
      (isThorough && marker !== undefined && hasVariable(pid, MARKER, marker))
    );
  }
}

/** Returns the memory of some processes together, in bytes. */
export function memoryOfAll(entries: ProcessEntry[]): number {
  return entries.reduce((sum, entry) => sum + memoryOf(entry), 0);
}

/** Returns what sets a process apart from all others. */
function nameOf({ pid, started }: ProcessEntry): string {
  return `${pid} ${started}`;
}

function byParent(table: ProcessEntry[]): Map<number, ProcessEntry[]> {
  const children = new Map<number, ProcessEntry[]>();
  for (const entry of table) {
    const siblings = children.get(entry.parent);
    if (siblings) siblings.push(entry);
    else children.set(entry.parent, [entry]);
  }
  return children;
}

function signal(pid: number, name: "SIGSTOP" | "SIGKILL"): void {
  try {
    process.kill(pid, name);
  } catch {
    // it has ended meanwhile, or belongs to a user whose processes this one may not end
  }
}
