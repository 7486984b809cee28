/** What every frontier holds to, wherever it keeps its addresses. */
import { type AddressFrontier, Frontier } from "@course/lib/discovery";
import type { AddressTuple } from "@course/lib/peer";
import { describe, expect, test } from "vitest";
import { hasServer, newCrawl, until, useServer, visitOf } from "./servers";

const A: AddressTuple = ["192.0.2.1", 8333];
const B: AddressTuple = ["2001:db8::1", 8333];
const C: AddressTuple = ["192.0.2.3", 8333];

interface Form {
  /** Returns a frontier in which these wait. */
  create(...waiting: AddressTuple[]): Promise<AddressFrontier>;
  isRunnable: boolean;
}

const { joined } = useServer();

const FORMS: Record<string, Form> = {
  "in memory": {
    isRunnable: true,
    async create(...waiting) {
      const frontier = new Frontier();
      for (const address of waiting) frontier.add(address);
      return frontier;
    },
  },
  "on Redis": {
    isRunnable: hasServer,
    create: (...seeds) => joined(newCrawl(), "w", { seeds }),
  },
};

/** Resolves to the next address; undefined if all that wait have been taken. */
async function next(frontier: AddressFrontier): Promise<AddressTuple | undefined> {
  let address = frontier.next();
  await until(frontier, () => {
    address ??= frontier.next();
    return address !== undefined || frontier.waiting === 0;
  });
  return address;
}

async function taken(frontier: AddressFrontier): Promise<AddressTuple[]> {
  const all: AddressTuple[] = [];
  for (let one = await next(frontier); one; one = await next(frontier)) all.push(one);
  return all;
}

function finish(frontier: AddressFrontier, address: AddressTuple): void {
  frontier.finished(address, visitOf(address));
}

for (const [form, { create, isRunnable }] of Object.entries(FORMS)) {
  describe.runIf(isRunnable)(`a frontier ${form}`, () => {
    test(`a frontier ${form} gives each address once, in the order in which they were added`, async () => {
      const frontier = await create(A);
      expect(frontier.add(B)).toBe(true);
      expect(frontier.add(C)).toBe(true);
      expect(frontier.add(B)).toBe(false);
      await until(frontier, () => frontier.heardOf === 3);
      expect(await taken(frontier)).toEqual([A, B, C]);
    });

    test(`a frontier ${form} knows an address again that is spelled otherwise`, async () => {
      const frontier = await create(["::ffff:192.0.2.1", 8333], B);
      frontier.add(A);
      frontier.add(["2001:DB8:0:0:0:0:0:1", 8333]);
      frontier.add(C);
      await until(frontier, () => frontier.heardOf === 3);
      expect(await taken(frontier)).toEqual([A, B, C]);
      for (const address of [A, ["2001:DB8::1", 8333] as AddressTuple, C]) finish(frontier, address);
      await until(frontier, () => frontier.isDone);
      expect(frontier.heardOf).toBe(3);
    });

    test(`a frontier ${form} is not done while an address is under way, which may name others`, async () => {
      const frontier = await create(A);
      expect(await taken(frontier)).toEqual([A]);
      await until(frontier, () => frontier.underWay === 1);
      expect([frontier.isDone, frontier.waiting]).toEqual([false, 0]);
      frontier.add(B); // whom A names
      finish(frontier, A);
      await until(frontier, () => frontier.heardOf === 2);
      expect(frontier.isDone).toBe(false);
      expect(await taken(frontier)).toEqual([B]);
      finish(frontier, B);
      await until(frontier, () => frontier.isDone);
      expect([frontier.waiting, frontier.underWay, frontier.heardOf]).toEqual([0, 0, 2]);
    });

    test(`a frontier ${form} finishes nothing else by an address that is finished twice, or was never under way`, async () => {
      const frontier = await create(A, B);
      expect(await taken(frontier)).toEqual([A, B]);
      finish(frontier, A);
      finish(frontier, A);
      finish(frontier, C);
      await until(frontier, () => frontier.underWay === 1);
      expect(frontier.isDone).toBe(false);
      finish(frontier, B);
      await until(frontier, () => frontier.isDone);
    });

    test(`a frontier ${form} does not take in again what is finished`, async () => {
      const frontier = await create(A, B);
      await taken(frontier);
      finish(frontier, A);
      frontier.add(A);
      finish(frontier, B);
      await until(frontier, () => frontier.isDone);
      expect(frontier.heardOf).toBe(2);
    });

    test(`a frontier ${form} gives any number of addresses in order, while others are added and finished`, async () => {
      const address = (i: number): AddressTuple => ["192.0.2.1", 1 + i];
      const frontier = await create(address(0));
      const out: number[] = [];
      let added = 1;
      while (!frontier.isDone) {
        let one = frontier.next();
        await until(frontier, () => (one ??= frontier.next()) !== undefined || frontier.isDone);
        if (!one) break;
        out.push(one[1]);
        for (let i = 0; i < 9 && added < 1000; i++) frontier.add(address(added++));
        finish(frontier, one);
      }
      expect(out).toEqual(Array.from({ length: 1000 }, (_, i) => 1 + i));
      expect(frontier.isDone).toBe(true);
    });
  });
}
