/**
 * `npm run record`: records the handshakes of real node software.
 *
 * Our side sends `OUR_VERSION`, as `getVersionMessage` does, and answers the peer's version with `verack`. It
 * records all chunks as the socket delivers them, until the peer has sent nothing for QUIET_MS. A peer with a
 * newer protocol version sends more messages to a caller that has it too, so it is called a second time with
 * its own version.
 */
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import net from "node:net";
import path from "node:path";
import { type Command } from "commander";
import { commandNamed } from "./cli/command";
import colours from "picocolors";
import { format } from "prettier";
import type { Recording } from "@course/lib/recordings";
import {
  concat,
  OUR_VERSION_MESSAGE,
  readPackets,
  serializePacket,
  toHex,
  VersionMessage,
} from "@course/lib/wire";
import { NODE_SOFTWARE, nameOf, type NodeSoftware } from "./node-software/releases";
import { startNode } from "./node-software/run";
import { runCommand, stopSignal } from "./cli/failure";
import { step } from "./cli/steps";

const FOLDER = path.join(__dirname, "..", "lib", "recordings");
const VERACK = serializePacket("verack");
/** A peer that has sent nothing for this long has completed its handshake, in milliseconds. */
const QUIET_MS = 2000;
/** Time limit for a handshake, in milliseconds. */
const LIMIT_MS = 30_000;

interface RecordedHandshake extends Pick<Recording, "protocolVersion" | "ourBytes" | "chunks" | "messages"> {
  /** The protocol version in the peer's version message. */
  peerVersion: number;
}

/**
 * Calls a node with a protocol version, and records what it sends until its handshake is complete.
 *
 * @throws Error if it sends no version message.
 */
async function recordHandshake(port: number, protocolVersion: number): Promise<RecordedHandshake> {
  let peerVersion: number | undefined;
  const sent: Uint8Array[] = [];
  const chunks: Uint8Array[] = [];
  const messages: RecordedHandshake["messages"] = [];
  const socket = net.connect({ host: "127.0.0.1", port });
  const send = (bytes: Uint8Array) => {
    sent.push(bytes);
    socket.write(bytes);
  };
  const limit = setTimeout(() => socket.end(), LIMIT_MS);
  try {
    await once(socket, "connect");
    socket.setTimeout(QUIET_MS, () => socket.end());
    send(versionPacket(protocolVersion));
    for await (const { command, payload } of readPackets(withCopies(socket, chunks))) {
      messages.push({ command, length: payload.length });
      if (command !== "version") continue;
      peerVersion = VersionMessage.fromBytes(payload).version;
      send(VERACK);
    }
  } finally {
    clearTimeout(limit);
    socket.destroy();
  }
  if (peerVersion === undefined) throw new Error(`no version message came, only "${toHex(concat(chunks))}"`);
  return { protocolVersion, ourBytes: toHex(concat(sent)), chunks: chunks.map(toHex), messages, peerVersion };
}

/** Returns `OUR_VERSION` with another protocol version. */
function versionPacket(version: number): Uint8Array {
  return serializePacket("version", new VersionMessage({ ...OUR_VERSION_MESSAGE, version }).toBytes());
}

/** Yields a stream's chunks, and adds a copy of each to `chunks`. */
async function* withCopies(
  stream: AsyncIterable<Uint8Array>,
  chunks: Uint8Array[],
): AsyncGenerator<Uint8Array> {
  for await (const chunk of stream) {
    chunks.push(Uint8Array.from(chunk));
    yield chunk;
  }
}

/** Starts a release, records one or two handshakes, and stops it. */
async function record(node: NodeSoftware, signal: AbortSignal): Promise<Recording[]> {
  const running = await startNode(node, signal);
  try {
    const first = await recordHandshake(running.port, OUR_VERSION_MESSAGE.version);
    const handshakes = [first];
    if (first.peerVersion > first.protocolVersion) {
      handshakes.push(await recordHandshake(running.port, first.peerVersion));
    }
    signal.throwIfAborted(); // a node that we stopped looks like one that has sent everything
    return handshakes.map(({ protocolVersion, ourBytes, chunks, messages }) => ({
      software: node.software,
      version: node.version,
      how: running.how,
      recordedOn: new Date().toISOString().slice(0, 10),
      protocolVersion,
      ourBytes,
      chunks,
      messages,
    }));
  } finally {
    await running.stop();
  }
}

/** Writes `btcd-0.26.2.json`, or with another protocol version than ours `btcd-0.26.2-to-70016.json`. */
async function save(recording: Recording): Promise<void> {
  const { software, version, protocolVersion } = recording;
  const suffix = protocolVersion === OUR_VERSION_MESSAGE.version ? "" : `-to-${protocolVersion}`;
  const file = path.join(FOLDER, `${software}-${version}${suffix}.json`);
  await writeFile(file, await format(JSON.stringify(recording), { parser: "json", printWidth: 110 }));
}

/**
 * Returns the releases whose names begin with one of `names`.
 *
 * Ends the process with 2 for an unknown name.
 */
function releasesOf(names: string[], command: Command): readonly NodeSoftware[] {
  const known = NODE_SOFTWARE.map(nameOf);
  const unknown = names.find((name) => !known.some((release) => release.startsWith(name)));
  if (unknown !== undefined) {
    command.error(`"${unknown}" is not among ${known.join(", ")}.`, { exitCode: 2 });
  }
  return NODE_SOFTWARE.filter(
    (node) => names.length === 0 || names.some((name) => nameOf(node).startsWith(name)),
  );
}

/**
 * Records one release, and prints the commands that it has sent.
 *
 * Resolves to false, and prints the reason, if that fails. Rejects with an AbortError if `signal` is aborted.
 */
async function recordAndReport(node: NodeSoftware, signal: AbortSignal): Promise<boolean> {
  try {
    const recordings = await step(
      `${nameOf(node)}: installing it if necessary, starting it, calling it`,
      () => record(node, signal),
    );
    await Promise.all(recordings.map(save));
    for (const { protocolVersion, messages } of recordings) {
      const commands = messages.map(({ command }) => command).join(", ");
      console.log(`${nameOf(node)}, to ${protocolVersion}: ${commands}`);
    }
    return true;
  } catch (error) {
    signal.throwIfAborted();
    console.error(colours.red((error as Error).message));
    return false;
  }
}

const program = commandNamed("npm run record --")
  .description(
    "Starts real Bitcoin node software on loopback, calls it, and saves what it sends to lib/recordings/.",
  )
  .argument(
    "[software...]",
    `a release or the beginning of its name: ${NODE_SOFTWARE.map(nameOf).join(", ")}`,
  )
  .action(async (names: string[], _options, command: Command) => {
    const signal = stopSignal();
    for (const node of releasesOf(names, command)) {
      if (!(await recordAndReport(node, signal))) process.exitCode = 1;
    }
  });

void runCommand(async () => void (await program.parseAsync()));
