/**
 * `npm run record`: records what real node software says when it is called.
 *
 * Our side speaks as `getVersionMessage` does, with `OUR_VERSION`, and answers theirs with `verack`.
 * Everything that comes back is kept, cut where the socket cut it, until the peer has been quiet for
 * a while.
 */
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import net from "node:net";
import path from "node:path";
import { Command } from "commander";
import { createSpinner } from "nanospinner";
import { format } from "prettier";
import { concat, OUR_VERSION, Packet, readPackets, type Recording, toHex } from "@course/lib";
import { NODE_SOFTWARE, nameOf, type NodeSoftware, startNode } from "./nodes";

const FOLDER = path.join(__dirname, "..", "lib", "recordings");
const VERACK = new Packet("verack", new Uint8Array(0)).toBytes();
/** A peer that has said nothing for this long has ended its part of the handshake. */
const QUIET_MS = 2000;
/** However much it has to say, we hang up then. */
const LIMIT_MS = 30_000;

type Conversation = Pick<Recording, "ourBytes" | "chunks" | "messages">;

/** Calls a node and listens until its handshake is over. Throws an Error if no version message came. */
async function converse(port: number): Promise<Conversation> {
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
    say(OUR_VERSION);
    for await (const { command, payload } of readPackets(keepCopies(socket, chunks))) {
      messages.push({ command, length: payload.length });
      if (command === "version") say(VERACK);
    }
  } finally {
    clearTimeout(limit);
    socket.destroy();
  }
  if (!messages.some(({ command }) => command === "version")) {
    throw new Error(`no version message came, only "${toHex(concat(chunks))}"`);
  }
  return { ourBytes: toHex(concat(sent)), chunks: chunks.map(toHex), messages };
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

/** Starts a release, has the conversation with it, and ends it. */
async function record(node: NodeSoftware): Promise<Recording> {
  const { software, version } = node;
  const running = await startNode(node);
  try {
    const conversation = await converse(running.port);
    const recordedOn = new Date().toISOString().slice(0, 10);
    return { software, version, how: running.how, recordedOn, ...conversation };
  } finally {
    await running.stop();
  }
}

async function save(recording: Recording): Promise<void> {
  const file = path.join(FOLDER, `${recording.software}-${recording.version}.json`);
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

/** Records one release, and says how it went. False if it could not be done. */
async function recordAloud(node: NodeSoftware): Promise<boolean> {
  const spinner = createSpinner(
    `${nameOf(node)}: installing it if need be, starting it, calling it …`,
  ).start();
  try {
    const recording = await record(node);
    await save(recording);
    const said = recording.messages.map(({ command }) => command).join(", ");
    spinner.success(`${nameOf(node)}: ${said}`);
    return true;
  } catch (error) {
    spinner.error(`${nameOf(node)}: ${(error as Error).message}`);
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
    let failures = 0;
    for (const node of releasesOf(names, command)) {
      if (!(await recordAloud(node))) failures++;
    }
    process.exitCode = failures === 0 ? 0 : 1;
  });

void program.parseAsync();
