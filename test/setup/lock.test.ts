import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { readdir, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { withLock } from "../../scripts/setup/lock";
import { choosePort, isFree, USUAL_PORT } from "../../scripts/setup/port";
import { remove, temporaryFolder } from "../helpers/course";

let folder: string;
let lock: string;

beforeEach(async () => {
  folder = await temporaryFolder();
  lock = path.join(folder, "deep", "setup.lock");
});
afterEach(() => remove(folder));

test("two set-ups at once work one after the other, and the second is told that it waits", async () => {
  const events: string[] = [];
  const work = (name: string) => async () => {
    events.push(`${name} begins`);
    await new Promise((resolve) => setImmediate(resolve));
    events.push(`${name} ends`);
  };
  let second: Promise<void> | undefined;
  await withLock(lock, async () => {
    await new Promise<void>((onWait) => {
      second = withLock(lock, work("second"), { onWait });
    });
    await work("first")();
  });
  await second;
  expect(events).toEqual(["first begins", "first ends", "second begins", "second ends"]);
});

test("the lock of a set-up is given back when the work fails", async () => {
  await expect(withLock(lock, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(await readdir(path.dirname(lock))).toEqual([]);
});

test("the lock of a process that is no more is taken over", async () => {
  await withLock(lock, async () => {});
  const { pid } = spawnSync(process.execPath, ["-e", ""]);
  await writeFile(lock, String(pid));
  expect(await withLock(lock, async () => "done")).toBe("done");
});

test("waiting for the lock can be stopped", async () => {
  const controller = new AbortController();
  const blocked = withLock(lock, () =>
    withLock(lock, async () => {}, { onWait: () => controller.abort(), signal: controller.signal }),
  );
  await expect(blocked).rejects.toMatchObject({ name: "AbortError" });
});

test("a port that is taken is refused in one sentence, and a free one is given back", async () => {
  const server = createServer();
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as { port: number };
  await expect(choosePort(port)).rejects.toThrow(`Port ${port} is taken by another program`);
  server.close();
  await once(server, "close");
  expect(await choosePort(port)).toBe(port);
});

test("with no port asked for, the usual one or one of the next is chosen", async () => {
  const port = await choosePort();
  expect(port).toBeGreaterThanOrEqual(USUAL_PORT);
  expect(await isFree(port)).toBe(true);
});
