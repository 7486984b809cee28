/** Programs that end when their parent does. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, onTestFinished, test } from "vitest";
import { endWithParent } from "../../scripts/setup/processes";

/** Without it, what is printed into a pipe arrives late. */
const ENV = { ...process.env, PYTHONUNBUFFERED: "1" };
/** Sets standard input not to block, and becomes the program of its arguments. */
const NOT_BLOCKING =
  "import os, sys; os.set_blocking(0, False); os.execv(sys.executable, [sys.executable, *sys.argv[1:]])";

// One time in many, a start that was killed left its JupyterLab: a program that JupyterLab starts had done this.
test.each([
  ["is as it was", []],
  ["does not block any more", ["-c", NOT_BLOCKING]],
])("a program ends with its parent when its standard input %s", async (_, before) => {
  const args = [...before, endWithParent, "http.server", "0", "--bind", "127.0.0.1"];
  // In a group of its own, which is what gets the signal.
  const child = spawn("python3", args, { detached: true, stdio: ["pipe", "pipe", "inherit"], env: ENV });
  onTestFinished(() => void child.kill("SIGKILL"));
  const exited = once(child, "exit");
  await once(child.stdout, "data");
  child.stdin.end();
  expect(await exited).toEqual([null, "SIGTERM"]);
});
