/** Where a kernel listens, and from when on. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import net from "node:net";
import path from "node:path";
import { text } from "node:stream/consumers";
import { expect, onTestFinished, test } from "vitest";
import type { CellRunner } from "../../lib/kernel/cell-runner";
import { KernelServer } from "../../lib/kernel/server";
import { root } from "../../scripts/setup/paths";
import { remove, temporaryFolder } from "../helpers/course";
import { KERNEL } from "../helpers/limits";

// Jupyter lets go of a port before its kernel takes it.
test(
  "a kernel whose port somebody else has taken says so and ends, so that Jupyter starts another",
  async () => {
    const taken = net.createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    onTestFinished(() => void taken.close());
    const { port } = taken.address() as net.AddressInfo;
    const folder = await temporaryFolder();
    onTestFinished(() => remove(folder));
    const file = path.join(folder, "connection.json");
    const ports = { shell_port: port, iopub_port: 0, control_port: 0, stdin_port: 0, hb_port: 0 };
    const where = { transport: "tcp", ip: "127.0.0.1", key: "k", signature_scheme: "hmac-sha256" };
    fs.writeFileSync(file, JSON.stringify({ ...ports, ...where }));

    const main = path.join(root, "lib", "dist", "kernel", "main.js");
    const kernel = spawn(process.execPath, [main, "--config-path", file], {
      cwd: folder,
      stdio: ["ignore", "ignore", "pipe"],
    });
    const said = text(kernel.stderr);
    const [status] = (await once(kernel, "exit")) as [number];

    expect(status).toBe(1);
    expect(await said).toMatch(/cannot listen where Jupyter told it to: .*Address already in use/);
  },
  KERNEL,
);

// A client that has waited for the first of them would be answered on another that takes no message yet.
test.skipIf(process.platform === "win32")(
  "a kernel listens on all of its sockets from one turn of the event loop to the next",
  async () => {
    const folder = await temporaryFolder();
    onTestFinished(() => remove(folder));
    const file = path.join(folder, "connection.json");
    const ports = { shell_port: 1, iopub_port: 2, control_port: 3, stdin_port: 4, hb_port: 5 };
    const where = { transport: "ipc", ip: path.join(folder, "k"), key: "k", signature_scheme: "hmac-sha256" };
    fs.writeFileSync(file, JSON.stringify({ ...ports, ...where }));

    const runner = { close() {} } as unknown as CellRunner;
    const server = new KernelServer(runner, file);
    const started = server.init();
    const listening = new Set<number>();
    while (!listening.has(5)) {
      listening.add(fs.readdirSync(folder).filter((name) => name.startsWith("k-")).length);
      await new Promise(setImmediate);
    }
    await started;
    for (const socket of [server.iopub, server.shell, server.control, server.stdin, server.hb])
      socket.close();

    expect([...listening]).toEqual([0, 5]);
  },
);
