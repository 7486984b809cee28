/** What a side has given numbers to, and its stand-ins for the things of the other side. */
import type { CellPlace } from "../../kernel/kernel";
import { BadMessage } from "./coded";
import type { StandIns } from "./decode";
import type { Reply } from "./requests";
import { prototypeNamed } from "./revive";

/** Uses a thing of the other side. */
interface Remote {
  call(id: number, args: unknown[], self: unknown): unknown;
  construct(id: number, args: unknown[]): unknown;
  get(id: number, key: string): { value: unknown } | "method";
  method(id: number, key: string, args: unknown[]): unknown;
}

interface Pending {
  resolve(value: unknown): void;
  reject(error: unknown): void;
  /** The arguments of the call that returned the promise: it may still change them. */
  objects: readonly object[];
}

export class StandInTable implements StandIns {
  private readonly things: object[] = [];
  private readonly ids = new Map<object, number>();
  private readonly theirs = new WeakMap<object, number>();
  private readonly byTheirs = new Map<number, object>();
  private readonly pending = new Map<number, Pending>();
  private readonly signals = new Map<number, AbortController>();
  private argumentsOfCall: readonly object[] = [];

  constructor(
    private readonly remote: Remote,
    readonly threwAt: (error: Error, places: CellPlace[]) => void,
  ) {}

  give(thing: object): { id: number; isNew: boolean } {
    const known = this.ids.get(thing);
    if (known !== undefined) return { id: known, isNew: false };
    const id = this.things.push(thing) - 1;
    this.ids.set(thing, id);
    return { id, isNew: true };
  }

  own(id: number): object {
    const thing = this.things[id];
    if (thing === undefined) throw new BadMessage(`nothing has the number ${id}`);
    return thing;
  }

  idOf(thing: object): number | undefined {
    return this.theirs.get(thing);
  }

  came(thing: object, id: number): void {
    this.theirs.set(thing, id);
    this.byTheirs.set(id, thing);
  }

  /** For what this side has encoded itself: the things themselves. */
  get ofOwn(): StandIns {
    const own = (id: number): object => this.own(id);
    const theirs = (id: number): object => this.byTheirs.get(id) ?? {};
    return {
      own: theirs,
      known: () => undefined,
      came() {},
      threwAt() {},
      function: own,
      instance: own,
      promise: own,
      signal: own,
      iterable: own,
    };
  }

  /** Decodes the outcome of a call with these arguments. */
  withArguments<T>(objects: readonly object[], run: () => T): T {
    const before = this.argumentsOfCall;
    this.argumentsOfCall = objects;
    try {
      return run();
    } finally {
      this.argumentsOfCall = before;
    }
  }

  known(id: number): object | undefined {
    return this.byTheirs.get(id);
  }

  function(id: number, name: string, isClass: boolean): object {
    const { remote } = this;
    const standIn = isClass
      ? class {
          constructor(...args: unknown[]) {
            return remote.construct(id, args) as object;
          }
        }
      : function (this: unknown, ...args: unknown[]): unknown {
          return remote.call(id, args, this);
        };
    Object.defineProperty(standIn, "name", { value: name });
    this.came(standIn, id);
    return standIn;
  }

  instance(id: number, className: string): object {
    const target = Object.create(prototypeNamed(className)) as object;
    const standIn = new Proxy(target, {
      get: (_, key) => {
        if (typeof key === "symbol") return undefined;
        const got = this.remote.get(id, key);
        return got === "method" ? (...args: unknown[]) => this.remote.method(id, key, args) : got.value;
      },
    });
    this.came(standIn, id);
    return standIn;
  }

  promise(id: number): object {
    const promise = new Promise<unknown>((resolve, reject) => {
      this.pending.set(id, { resolve, reject, objects: this.argumentsOfCall });
    });
    // Whether somebody waits for it is a question of the side that it comes from.
    promise.catch(() => {});
    this.came(promise, id);
    return promise;
  }

  settle(id: number, outcome: Reply, open: (outcome: Reply, objects: readonly object[]) => unknown): void {
    const pending = this.pending.get(id);
    this.pending.delete(id);
    if (!pending) throw new BadMessage(`no promise ${id} is pending`);
    try {
      pending.resolve(open(outcome, pending.objects));
    } catch (error) {
      if (error instanceof BadMessage) throw error;
      pending.reject(error);
    }
  }

  signal(id: number, aborted: boolean): object {
    const controller = this.signals.get(id) ?? new AbortController();
    this.signals.set(id, controller);
    if (aborted) controller.abort();
    this.came(controller.signal, id);
    return controller.signal;
  }

  abort(id: number): void {
    this.signals.get(id)?.abort();
  }

  iterable(id: number, className: string, isAsync: boolean): object {
    const method =
      (key: string) =>
      (...args: unknown[]) =>
        this.remote.method(id, key, args);
    const iterator: Record<PropertyKey, unknown> = {};
    const hide = (key: PropertyKey, value: unknown) =>
      Object.defineProperty(iterator, key, { value, enumerable: false, configurable: true });
    for (const key of ["next", "return", "throw"]) hide(key, method(key));
    hide(isAsync ? Symbol.asyncIterator : Symbol.iterator, () => iterator);
    hide(Symbol.toStringTag, className);
    this.came(iterator, id);
    return iterator;
  }
}
