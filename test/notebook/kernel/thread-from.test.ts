import { once } from "node:events";
import { expect, test } from "vitest";
import { threadFrom } from "@course/lib/notebook";

test("a thread runs TypeScript, with imports, a name and data", async () => {
  const thread = threadFrom(
    `import { parentPort, workerData } from "node:worker_threads";
     import { addressString } from "@course/lib";
     const count: number = workerData.length;
     parentPort!.postMessage([count, addressString(workerData[0])]);`,
    { name: "from a cell", workerData: [["::1", 8333]] },
  );
  expect((await once(thread, "message"))[0]).toEqual([1, "[::1]:8333"]);
  expect(await once(thread, "exit")).toEqual([0]);
});

test("threads without a lock lose counts, and atomic additions do not", async () => {
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

test("what is wrong with the program is an error of the thread", async () => {
  const thread = threadFrom("nobody();");
  await expect(once(thread, "message")).rejects.toThrow("nobody is not defined");
});
