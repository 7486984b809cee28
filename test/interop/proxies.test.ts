/** Calls through SOCKS5 proxies that others wrote: microsocks and Tor, each where it is installed. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { crawl } from "@course/lib/crawl";
import { parseProxy, requireProxy } from "@course/lib/peer";
import { SocksClient, SocksError } from "@course/lib/socks";
import { OUR_VERSION, readPackets } from "@course/lib/wire";
import { expect, onTestFinished, test, type TestContext } from "vitest";
import { freePort } from "../../scripts/setup/port";
import { nobody } from "../helpers/loopback";
import { answeringPeer } from "../helpers/peers";
import { onion } from "../helpers/proxies";
import { all, outcomeOf } from "../helpers/visits";

const HOST = "127.0.0.1";
const OURS = { username: "us", password: "secret" };

/** Starts a proxy that listens on a free port, and returns its URL. Skips the test if it is not installed. */
async function start(
  context: TestContext,
  program: string,
  args: (port: number) => string[],
): Promise<string> {
  const port = await freePort();
  const child = spawn(program, args(port), { stdio: "ignore" });
  onTestFinished(async () => {
    if (child.exitCode === null && child.pid !== undefined && child.kill()) await once(child, "exit");
  });
  if (!(await isInstalled(child))) context.skip(`${program} is not installed`);
  while (!(await canConnect(port))) expect(child.exitCode).toBeNull();
  return `socks5://${HOST}:${port}`;
}

function isInstalled(child: ChildProcess): Promise<boolean> {
  return new Promise((resolve) => {
    child.on("spawn", () => resolve(true));
    child.on("error", () => resolve(false));
  });
}

function canConnect(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect({ host: HOST, port });
    socket.on("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", () => setTimeout(() => resolve(false), 20));
  });
}

/** Connects through a proxy, and returns the first command of whoever is there. */
async function firstCommand(url: string, address: [string, number], credentials = OURS): Promise<string> {
  const { address: proxy } = parseProxy(url);
  const client = new SocksClient(address, credentials);
  const socket = net.connect({ host: proxy[0], port: proxy[1] });
  onTestFinished(() => void socket.destroy());
  await once(socket, "connect");
  socket.write(client.takeOutput());
  async function* ofPeer(): AsyncGenerator<Uint8Array> {
    for await (const chunk of socket as AsyncIterable<Buffer>) {
      if (client.isOver) yield chunk;
      else client.add(chunk);
      socket.write(client.isOver ? OUR_VERSION : client.takeOutput());
    }
  }
  for await (const { command } of readPackets(ofPeer())) return command;
  throw new Error("the connection has ended");
}

const microsocks =
  (...more: string[]) =>
  (port: number) => ["-i", "127.0.0.1", "-p", String(port), ...more];

test("microsocks connects our client to a peer, and says when nobody is there", async (context) => {
  const url = await start(context, "microsocks", microsocks());
  await requireProxy(parseProxy(url));
  const { address } = await answeringPeer();
  expect(await firstCommand(url, address)).toBe("version");
  await expect(firstCommand(url, await nobody())).rejects.toMatchObject({ code: "REFUSED" });
});

test("microsocks lets in those who know its password, and no others", async (context) => {
  const url = await start(context, "microsocks", microsocks("-u", OURS.username, "-P", OURS.password));
  const { address } = await answeringPeer();
  expect(await firstCommand(url, address)).toBe("version");
  const wrong = { ...OURS, password: "guessed" };
  await expect(firstCommand(url, address, wrong)).rejects.toThrow(SocksError);
  await expect(requireProxy(parseProxy(url))).rejects.toThrow(/does not accept/);
  await requireProxy(parseProxy(url.replace("//", `//${OURS.username}:${OURS.password}@`)));
});

test("Tor says hello, and what is wrong with an onion that cannot be, and with one that it does not reach", async (context) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "course-tor-"));
  onTestFinished(() => fs.rmSync(folder, { recursive: true, force: true, maxRetries: 10 }));
  const config = path.join(folder, "torrc");
  const url = await start(context, "tor", (port) => {
    fs.writeFileSync(
      config,
      [
        `SocksPort 127.0.0.1:${port} ExtendedErrors`,
        `DataDirectory ${path.join(folder, "data")}`,
        "SocksTimeout 2",
        // It calls nobody but a bridge where nobody listens: what is tried is what it says without a network.
        "UseBridges 1",
        "Bridge 127.0.0.1:1",
      ].join("\n"),
    );
    return ["-f", config, "--quiet"];
  });
  await requireProxy(parseProxy(url));
  const real = "pg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscryd";
  const bad = `${real.slice(0, -1)}a`; // its checksum is wrong
  const visits = await all(crawl([onion(real), onion(bad)], { proxy: url }));
  const outcomes = Object.fromEntries(visits.map((visit) => [visit.address[0], outcomeOf(visit)]));
  expect(outcomes[`${bad}.onion`]).toBe("ONION_INVALID");
  expect(["CONNECT_TIMEOUT", "PROXY_FAILED", "UNREACHABLE", "ONION_NOT_FOUND"]).toContain(
    outcomes[`${real}.onion`],
  );
});
