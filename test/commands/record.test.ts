import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { root } from "../../scripts/setup/paths";

const RUN = path.join(root, "scripts", "run.cjs");

const record = (...args: string[]) => promisify(execFile)(process.execPath, [RUN, "record", ...args]);

test("npm run record -- --help says what the command does and lists the software", async () => {
  const { stdout } = await record("--help");
  expect(stdout).toContain("Starts real Bitcoin node software on loopback");
  expect(stdout.replace(/\s+/g, " ")).toContain(
    "btcd-0.26.2, btcd-0.20.1-beta, bcoin-1.0.2, bitcore-p2p-10.10.7",
  );
});

test.each([
  [["satoshi"], '"satoshi" is not among btcd-0.26.2, '],
  [["--fast"], "unknown option '--fast'"],
])("npm run record -- %s is a wrong call: one sentence, and exit code 2", async (args, sentence) => {
  await expect(record(...args)).rejects.toMatchObject({
    code: 2,
    stdout: "",
    stderr: expect.stringContaining(sentence),
  });
});
