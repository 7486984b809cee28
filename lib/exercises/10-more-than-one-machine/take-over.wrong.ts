/** What learners plausibly write instead of `takeOver`. */
import type { WrongAnswer } from "../../checks/exercise";
import { leaseExpired } from "../../frontier/lease-expired";
import { takeOver, type TodoEntry } from "../../frontier/take-over";

type TakeOverAnswer = typeof takeOver;

export const wrongTakeOvers: readonly WrongAnswer<TakeOverAnswer>[] = [
  {
    name: "takes what waits, too",
    caughtBy: "What waits goes on waiting",
    answer({ entries, leases }, ...rest) {
      return takeOver(
        { entries: entries.map((entry) => ({ ...entry, worker: entry.worker ?? "nobody" })), leases },
        ...rest,
      );
    },
  },
  {
    name: "takes from everybody",
    caughtBy: "What a living worker has stays with it, and so does what is one's own",
    answer: ({ entries }, ...rest) => takeOver({ entries, leases: {} }, ...rest),
  },
  {
    name: "delivers to itself again what it has, when its own lease has run out",
    caughtBy: "What a living worker has stays with it, and so does what is one's own",
    answer(todo, worker, room, now) {
      const { entries, died } = takeOver(todo, "somebody else", room, now);
      return {
        entries: entries.map((entry) => (entry.worker === "somebody else" ? { ...entry, worker } : entry)),
        died,
      };
    },
  },
  {
    name: "has room for any number",
    caughtBy: "Not more than there is room for, the oldest first",
    answer: (todo, worker, _room, now) => takeOver(todo, worker, Infinity, now),
  },
  {
    name: "begins with the newest",
    caughtBy: "Not more than there is room for, the oldest first",
    answer({ entries, leases }, ...rest) {
      const turned = takeOver({ entries: [...entries].reverse(), leases }, ...rest);
      return { entries: turned.entries.reverse(), died: turned.died.reverse() };
    },
  },
  {
    name: "puts what it has taken over to the end",
    caughtBy: "The order of the list stays",
    answer(todo, worker, ...rest) {
      const { entries, died } = takeOver(todo, worker, ...rest);
      const isTaken = (entry: TodoEntry): boolean => entry.worker === worker;
      return { entries: [...entries.filter((one) => !isTaken(one)), ...entries.filter(isTaken)], died };
    },
  },
  {
    name: "does not count the delivery",
    caughtBy: "What a dead worker had goes to the worker that takes over, and is delivered once more",
    answer(todo, worker, ...rest) {
      const { entries, died } = takeOver(todo, worker, ...rest);
      const before = new Map(todo.entries.map(({ address, deliveries }) => [address, deliveries]));
      return {
        entries: entries.map((entry) => ({ ...entry, deliveries: before.get(entry.address)! })),
        died,
      };
    },
  },
  {
    name: "never gives up on an address",
    caughtBy: "What three workers had when they died goes to nobody: it is in `died`, and not in the list",
    answer(todo, worker, room, now) {
      const entries = todo.entries.map((entry) => {
        const isLeft =
          entry.worker !== undefined &&
          entry.worker !== worker &&
          leaseExpired(todo.leases, entry.worker, now) &&
          room-- > 0;
        return isLeft ? { ...entry, worker, deliveries: entry.deliveries + 1 } : entry;
      });
      return { entries, died: [] };
    },
  },
  {
    name: "leaves in the list what has died",
    caughtBy: "What three workers had when they died goes to nobody: it is in `died`, and not in the list",
    answer(todo, ...rest) {
      const { entries, died } = takeOver(todo, ...rest);
      return { entries: [...todo.entries.filter(({ address }) => died.includes(address)), ...entries], died };
    },
  },
  {
    name: "gives up after the second death",
    caughtBy: "What two workers had when they died gets a third chance",
    answer({ entries, leases }, ...rest) {
      const early = takeOver(
        { entries: entries.map((entry) => ({ ...entry, deliveries: entry.deliveries + 1 })), leases },
        ...rest,
      );
      return {
        ...early,
        entries: early.entries.map((entry) => ({ ...entry, deliveries: entry.deliveries - 1 })),
      };
    },
  },
  {
    name: "needs room for what has died",
    caughtBy: "What has died needs no room",
    answer(todo, worker, room, now) {
      const { died } = takeOver(todo, worker, 0, now);
      return takeOver(todo, worker, room - died.length, now);
    },
  },
  {
    name: "takes a worker without a lease for alive",
    caughtBy: "A worker without a lease is dead",
    answer({ entries, leases }, worker, room, now) {
      const all = { ...Object.fromEntries(entries.map((one) => [one.worker ?? "", now])), ...leases };
      return takeOver({ entries, leases: all }, worker, room, now);
    },
  },
  {
    name: "changes the entries in place",
    caughtBy: "The list that was given stays as it was",
    answer(todo, worker, room, now) {
      const { entries, died } = takeOver(todo, worker, room, now);
      const places = new Map(todo.entries.map((entry) => [entry.address, entry]));
      return { entries: entries.map((entry) => Object.assign(places.get(entry.address)!, entry)), died };
    },
  },
];
