/**
 * `npm run record`: records what real node software says when it is called.
 *
 * Our side speaks as `getVersionMessage` does, with `OUR_VERSION`, and answers theirs with `verack`.
 * Everything that comes back is kept, cut where the socket cut it, until the peer has been quiet for
 * a while. A peer that knows a newer protocol than ours says more to a caller who knows it too, so it
 * is called a second time in its own.
 */
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import net from "node:net";
import path from "node:path";
import { Command } from "commander";
import colours from "picocolors";
import { format } from "prettier";
import type { Recording } from "@course/lib/recordings";
import { concat, OUR_VERSION_MESSAGE, Packet, readPackets, toHex, VersionMessage } from "@course/lib/wire";
import { NODE_SOFTWARE, nameOf, type NodeSoftware } from "./node-software/releases";
import { startNode } from "./node-software/run";
import { runCommand, stopSignal } from "./cli/failure";
import { step } from "./cli/steps";

const FOLDER = path.join(__dirname, "..", "lib", "recordings");
const VERACK = new Packet("verack", new Uint8Array(0)).toBytes();
/** A peer that has said nothing for this long has ended its part of the handshake. */
const QUIET_MS = 2000;
/** However much it has to say, we hang up then. */
const LIMIT_MS = 30_000;

interface Conversation extends Pick<Recording, "protocolVersion" | "ourBytes" | "chunks" | "messages"> {
  /** The protocol version that the peer introduced itself with. */
  theirs: number;
}

/** Calls a node in a protocol version and listens until its handshake is over. Throws an Error if no version message came. */
async function converse(port: number, protocolVersion: number): Promise<Conversation> {
  let theirs: number | undefined;
  const sent: Uint8Array[] = [];
  const chunks: Uint8Array[] = [];
  const messages: Conversation["messages"] = [];
  const socket = net.connect({ host: "127.0.0.1", port });
  const say = (bytes: Uint8Array) => {
    sent.push(bytes);
    socket.write(bytes);
  };
  const limit = setTimeout(() => socket.end(), LIMIT_MS);
  try {
    await once(socket, "connect");
    socket.setTimeout(QUIET_MS, () => socket.end());
    say(versionPacket(protocolVersion));
    for await (const { command, payload } of readPackets(keepCopies(socket, chunks))) {
      messages.push({ command, length: payload.length });
      if (command !== "version") continue;
      theirs = VersionMessage.fromBytes(payload).version;
      say(VERACK);
    }
  } finally {
    clearTimeout(limit);
    socket.destroy();
  }
  if (theirs === undefined) throw new Error(`no version message came, only "${toHex(concat(chunks))}"`);
  return { protocolVersion, ourBytes: toHex(concat(sent)), chunks: chunks.map(toHex), messages, theirs };
}

/** `OUR_VERSION`, as if it had another protocol version. */
function versionPacket(version: number): Uint8Array {
  return new Packet("version", new VersionMessage({ ...OUR_VERSION_MESSAGE, version }).toBytes()).toBytes();
}

/** Passes a stream on, and keeps a copy of each chunk. */
async function* keepCopies(
  stream: AsyncIterable<Uint8Array>,
  chunks: Uint8Array[],
): AsyncGenerator<Uint8Array> {
  for await (const chunk of stream) {
    chunks.push(Uint8Array.from(chunk));
    yield chunk;
  }
}

/** Starts a release, has one conversation with it or two, and ends it. */
async function record(node: NodeSoftware, signal: AbortSignal): Promise<Recording[]> {
  const running = await startNode(node, signal);
  try {
    const ours = await converse(running.port, OUR_VERSION_MESSAGE.version);
    const conversations = [ours];
    if (ours.theirs > ours.protocolVersion) conversations.push(await converse(running.port, ours.theirs));
    signal.throwIfAborted(); // a peer that we ended looks like one that had no more to say
    return conversations.map(({ protocolVersion, ourBytes, chunks, messages }) => ({
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

/** `btcd-0.26.2.json`; with another protocol version than ours, `btcd-0.26.2-to-70016.json`. */
async function save(recording: Recording): Promise<void> {
  const { software, version, protocolVersion } = recording;
  const suffix = protocolVersion === OUR_VERSION_MESSAGE.version ? "" : `-to-${protocolVersion}`;
  const file = path.join(FOLDER, `${software}-${version}${suffix}.json`);
  await writeFile(file, await format(JSON.stringify(recording), { parser: "json", printWidth: 110 }));
}

/** The releases of these names. Ends the program with 2 if a name is not one. */
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

/** Records one release, and says what it said. False, with the reason said, if it could not be done; rejects with an AbortError when told to stop. */
async function recordAloud(node: NodeSoftware, signal: AbortSignal): Promise<boolean> {
  try {
    const recordings = await step(`${nameOf(node)}: installing it if need be, starting it, calling it`, () =>
      record(node, signal),
    );
    await Promise.all(recordings.map(save));
    for (const { protocolVersion, messages } of recordings) {
      const said = messages.map(({ command }) => command).join(", ");
      console.log(`${nameOf(node)}, to ${protocolVersion}: ${said}`);
    }
    return true;
  } catch (error) {
    signal.throwIfAborted();
    console.error(colours.red((error as Error).message));
    return false;
  }
}

const program = new Command("npm run record --")
  .description(
    "Starts real Bitcoin node software on loopback, calls it, and saves what it says to lib/recordings/.",
  )
  .argument(
    "[software...]",
    `a release or the beginning of its name: ${NODE_SOFTWARE.map(nameOf).join(", ")}`,
  )
  .exitOverride((error) => process.exit(error.exitCode === 1 ? 2 : error.exitCode))
  .action(async (names: string[], _options, command: Command) => {
    const signal = stopSignal();
    for (const node of releasesOf(names, command)) {
      if (!(await recordAloud(node, signal))) process.exitCode = 1;
    }
  });

void runCommand(async () => void (await program.parseAsync()));
