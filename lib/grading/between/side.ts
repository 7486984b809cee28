/**
 * One side of the pipe between the judge and a learner's process. Both sides work alike: each has things that stay
 * with it, and stand-ins for those of the other.
 *
 * To use a stand-in is to ask the other side, and to wait for its reply with everything else: a function that is
 * called returns when the real one has returned. A promise is settled later, by a notice.
 */
import type { CellPlace } from "../../kernel/kernel";
import { BadMessage, CannotCross, type Coded } from "./coded";
import { decode, decodeAll, decodeChanges, restore } from "./decode";
import { encode, encodeAll, encodeInstance, type Numbers } from "./encode";
import type { Ask, Notice, Reply } from "./requests";
import { StandInTable } from "./stand-ins";

/** How messages get to the other side. */
interface Link {
  /** Sends a request, and waits for its reply. */
  ask(request: Ask): Reply;
  /** Sends what needs no reply. */
  notify(notice: Notice): void;
}

interface SideOptions {
  /** Returns where an error of this side was thrown. */
  placesOf?: (error: Error) => CellPlace[];
  /** Notes where an error of the other side was thrown. */
  threwAt?: (error: Error, places: CellPlace[]) => void;
  /** Says what came out of the other side and cannot cross. */
  tooLarge?: (why: string) => Error;
}

/** Arguments as they were encoded, and the objects of which copies went over. */
interface Passed {
  coded: Coded[];
  objects: object[];
}

export class Side implements Numbers {
  private readonly table: StandInTable;
  /** Says how the arguments of the call that returned a promise have changed when it is settled. */
  private readonly changesUntil = new WeakMap<object, () => Reply["args"]>();
  /** What was passed to the other side, and how it looked then. */
  private passed: Passed[] = [];

  constructor(
    private readonly link: Link,
    private readonly options: SideOptions = {},
  ) {
    this.table = new StandInTable(
      {
        call: (id, args, self) =>
          this.use(args, (coded) => ({ do: "call", id, args: coded, self: this.self(self) })),
        construct: (id, args) => this.use(args, (coded) => ({ do: "new", id, args: coded })),
        get: (id, key) => this.property(id, key),
        method: (id, key, args) => this.use(args, (coded) => ({ do: "method", id, key, args: coded })),
      },
      options.threwAt ?? (() => {}),
    );
  }

  /** Returns the number of something that stays here: the other side asks for it by that. */
  give(thing: object): number {
    const { id, isNew } = this.table.give(thing);
    if (isNew && thing instanceof Promise) this.announce(id, thing as Promise<unknown>);
    if (isNew && thing instanceof AbortSignal)
      thing.addEventListener("abort", () => this.link.notify({ aborted: id }), { once: true });
    return id;
  }

  given(thing: object): number | undefined {
    return this.table.idOf(thing);
  }

  placesOf(error: Error): CellPlace[] {
    return this.options.placesOf?.(error) ?? [];
  }

  /** Returns a stand-in for a thing that the other side calls `id`. */
  standIn(coded: Coded): unknown {
    return decode(coded, this.table);
  }

  encode(value: unknown): Coded {
    return encode(value, this);
  }

  /** Does what the other side asks for. Never throws because of what it does; throws a BadMessage for nonsense. */
  answer(request: Ask): Reply {
    const target = this.table.own(request.id);
    if (request.do === "get") return this.propertyOf(target as Record<string, unknown>, request.key);
    const { values: args, objects } = decodeAll(request.args, this.table);
    const known = new Map(objects.map((object, i) => [object, i]));
    const before = known.size > 0 ? JSON.stringify(this.pictureOf(args, known)) : undefined;
    const changes = () => this.changes(args, known, before);
    const self =
      request.do === "call" && request.self !== undefined ? decode(request.self, this.table) : undefined;
    const reply = this.replyTo(
      () => perform(request, target, args, self),
      (value) => {
        if (value instanceof Promise) this.changesUntil.set(value, changes);
        return { value: request.do === "new" ? encodeInstance(value as object, this) : this.encode(value) };
      },
    );
    return { ...reply, args: changes() };
  }

  private propertyOf(target: Record<string, unknown>, key: string): Reply {
    return this.replyTo(
      () => target[key],
      (value) => (typeof value === "function" ? { isMethod: true } : { value: this.encode(value) }),
    );
  }

  /** Undoes what the other side has changed in what was passed to it, the last first. */
  restoreArguments(): void {
    for (const { coded, objects } of this.passed.reverse()) restore(coded, this.table.ofOwn, objects);
    this.passed = [];
  }

  /** Takes a notice of the other side. */
  onNotice(notice: Notice): void {
    if ("aborted" in notice) return this.table.abort(notice.aborted);
    this.table.settle(notice.settled, notice.outcome, (outcome, objects) => {
      this.bringBack(objects, outcome);
      return this.outcomeOf(outcome);
    });
  }

  private property(id: number, key: string): { value: unknown } | "method" {
    const reply = this.link.ask({ do: "get", id, key });
    return reply.isMethod ? "method" : { value: this.outcomeOf(reply) };
  }

  private use(args: unknown[], requestWith: (coded: Coded[]) => Ask): unknown {
    const passed = encodeAll(args, this);
    if (passed.objects.length > 0) this.passed.push(passed);
    const reply = this.link.ask(requestWith(passed.coded));
    this.bringBack(passed.objects, reply);
    return this.table.withArguments(passed.objects, () => this.outcomeOf(reply));
  }

  private bringBack(objects: readonly object[], { args: changed }: Reply): void {
    if (changed) decodeChanges(changed, this.table, objects);
  }

  /** Returns or throws what the other side has returned or thrown. */
  private outcomeOf(reply: Reply): unknown {
    if (reply.tooLarge !== undefined)
      throw this.options.tooLarge?.(String(reply.tooLarge)) ?? new Error(reply.tooLarge);
    if (reply.thrown !== undefined) throw decode(reply.thrown, this.table);
    if (reply.value === undefined) throw new BadMessage("a reply without a value");
    return decode(reply.value, this.table);
  }

  private replyTo(run: () => unknown, replyWith: (value: unknown) => Reply): Reply {
    let value: unknown;
    try {
      value = run();
    } catch (error) {
      return { thrown: this.encodeThrown(error) };
    }
    try {
      return replyWith(value);
    } catch (error) {
      return { tooLarge: whyNot(error) };
    }
  }

  private encodeThrown(error: unknown): Coded {
    try {
      return this.encode(error);
    } catch (problem) {
      return this.encode(new Error(`an error that cannot be shown: ${whyNot(problem)}`));
    }
  }

  private announce(id: number, promise: Promise<unknown>): void {
    const notify = (outcome: Reply) =>
      this.link.notify({ settled: id, outcome: { ...outcome, args: this.changesUntil.get(promise)?.() } });
    // The learner's own `then` is not asked.
    void Promise.prototype.then.call(
      promise,
      (value) =>
        notify(
          this.replyTo(
            () => value,
            (settled) => ({ value: this.encode(settled) }),
          ),
        ),
      (error: unknown) => notify({ thrown: this.encodeThrown(error) }),
    );
  }

  private self(self: unknown): Coded | undefined {
    const isStandIn = typeof self === "object" && self !== null && this.table.idOf(self) !== undefined;
    return isStandIn ? this.encode(self) : undefined;
  }

  private pictureOf(args: unknown[], known: ReadonlyMap<object, number>): Coded[] | undefined {
    try {
      return encodeAll(args, this, known).coded;
    } catch (error) {
      if (error instanceof CannotCross) return undefined;
      throw error;
    }
  }

  /** Returns how arguments look, if they have changed. */
  private changes(
    args: unknown[],
    known: ReadonlyMap<object, number>,
    before: string | undefined,
  ): Coded[] | undefined {
    if (before === undefined) return undefined;
    const now = this.pictureOf(args, known);
    return JSON.stringify(now) === before ? undefined : now;
  }
}

function perform(request: Ask, target: object, args: unknown[], self: unknown): unknown {
  if (request.do === "new") return Reflect.construct(target as new (...args: unknown[]) => object, args);
  if (request.do === "method") {
    const method = (target as Record<string, unknown>)[request.key];
    // A loop that is left calls `return` of its iterator, which not every iterator has.
    if (method === undefined && request.key === "return") return { done: true, value: args[0] };
    return Reflect.apply(method as (...args: unknown[]) => unknown, target, args);
  }
  return Reflect.apply(target as (...args: unknown[]) => unknown, self, args);
}

function whyNot(error: unknown): string {
  return error instanceof CannotCross ? error.message : `it cannot be looked at: ${String(error)}`;
}
