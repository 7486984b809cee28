/** Two kernels that were told to listen at the same port: Jupyter lets go of a port before its kernel takes it. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import net from "node:net";
import path from "node:path";
import { text } from "node:stream/consumers";
import { expect, onTestFinished, test } from "vitest";
import { root } from "../../scripts/setup/paths";
import { remove, temporaryFolder } from "../helpers/course";
import { KERNEL } from "../helpers/limits";

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
