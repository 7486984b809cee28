import { once } from "node:events";
import { expect, test } from "vitest";
import { threadFrom } from "@course/lib/notebook";

test("threadFrom() runs TypeScript, with imports and workerData", async () => {
  const thread = threadFrom(
    `import { parentPort, workerData } from "node:worker_threads";
     import { addressString } from "@course/lib";
     const count: number = workerData.length;
     parentPort!.postMessage([count, addressString(workerData[0])]);`,
    { name: "from a cell", workerData: [["::1", 8333]] },
  );
  // Both may come in one turn of the event loop.
  const [[message], exit] = await Promise.all([once(thread, "message"), once(thread, "exit")]);
  expect(message).toEqual([1, "[::1]:8333"]);
  expect(exit).toEqual([0]);
});

test("threads that add to one number lose counts, and with atomic additions they do not", async () => {
  const count = async (step: string): Promise<number> => {
    const memory = new SharedArrayBuffer(8);
    const program = `
      const { workerData } = require("node:worker_threads");
      const counter = new Int32Array(workerData);
      Atomics.add(counter, 1, 1);
      while (Atomics.load(counter, 1) < 4);
      for (let i = 0; i < 5_000_000; i++) ${step};`;
    const threads = [1, 2, 3, 4].map(() => threadFrom(program, { workerData: memory }));
    await Promise.all(threads.map((thread) => once(thread, "exit")));
    return new Int32Array(memory)[0];
  };
  expect(await count("counter[0] = counter[0] + 1")).toBeLessThan(20_000_000);
  expect(await count("Atomics.add(counter, 0, 1)")).toBe(20_000_000);
});

test("an error in the program of threadFrom() is an error event of the thread", async () => {
  const thread = threadFrom("missing();");
  await expect(once(thread, "message")).rejects.toThrow("missing is not defined");
});
