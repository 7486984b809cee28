/**
 * The list of a shared crawl in memory, with the rules of the one on Redis (script.ts): a small stand-in to learn
 * these by.
 */
import { leaseExpired, type Leases } from "./lease-expired";

/** An address that waits or is under way. When its visit is there, its entry is deleted. */
export interface TodoEntry {
  address: string;
  /** Who has it. Not set while it waits. */
  worker?: string;
  /** To how many workers it has been given, one after the other. */
  deliveries: number;
}

/** The list of a crawl, oldest entry first, and the leases of its workers. */
export interface TodoList {
  entries: readonly TodoEntry[];
  leases: Leases;
}

/** What a list is after a worker has taken over. */
export interface TakenOver {
  entries: TodoEntry[];
  /** The addresses that three workers had when they died. They are not in the list any more. */
  died: string[];
}

/** So many workers may die while they have an address. */
const MOST_DELIVERIES = 3;

/**
 * Returns the list after `worker` has taken over up to `room` addresses of dead workers, the oldest first. Each
 * is delivered once more by that.
 *
 * An address that was delivered three times goes to nobody, and needs no room.
 */
export function takeOver(todo: TodoList, worker: string, room: number, now: number): TakenOver {
  const isLeft = (entry: TodoEntry): boolean =>
    entry.worker !== undefined && entry.worker !== worker && leaseExpired(todo.leases, entry.worker, now);
  const isLost = (entry: TodoEntry): boolean => isLeft(entry) && entry.deliveries >= MOST_DELIVERIES;
  const died = todo.entries.filter(isLost).map(({ address }) => address);
  const entries: TodoEntry[] = [];
  for (const entry of todo.entries) {
    if (isLost(entry)) continue;
    if (!isLeft(entry) || room <= 0) entries.push(entry);
    else {
      entries.push({ ...entry, worker, deliveries: entry.deliveries + 1 });
      room--;
    }
  }
  return { entries, died };
}
