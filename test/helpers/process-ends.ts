import { vi } from "vitest";

/** Resolves when there is no process with that id any more. */
export async function processEnds(pid: number): Promise<void> {
  await vi.waitFor(() => {
    if (isAlive(pid)) throw new Error(`process ${pid} is still there`);
  }, 10_000);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
