/**
 * What must hold for any bytes whatever.
 *
 *  1. `parsePacket` gives a packet that is written as the same bytes, or throws a ProtocolError
 *  2. so does `parseMessage`, with the bytes, or those after the header, as the payload of any command
 *  3. `readPackets` gives the same packets however the bytes are cut, or throws the same error
 *  4. none of it takes longer than a second, or more memory than a few times the bytes
 */
import {
  ByteQueue,
  EMPTY_COMMANDS,
  type Message,
  Packet,
  parseMessage,
  parsePacket,
  ProtocolError,
  readPackets,
  serializePacket,
  toHex,
} from "@course/lib/wire";
import { Random } from "@course/lib/util";
import { allocatedSoFar } from "./allocations";

const COMMANDS: readonly string[] = ["version", "addr", "addrv2", "ping", "pong", ...EMPTY_COMMANDS, "inv"];

const HEADER = 24;
const LONGEST_MS = 1000;
/** Beyond a multiple of the input, what may be set aside for anything. */
const SMALL_CHANGE = 4096;
const MEMORY_FACTOR = 8;

/** An input for which something does not hold. `message` says what. */
export class Finding extends Error {
  constructor(
    message: string,
    readonly input: Uint8Array,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

/** How often parsing ended in what: a command, or the code of an error. */
export type Tally = Map<string, number>;

/** Tries everything with one input. Throws a Finding. */
export async function tryInput(input: Uint8Array, random: Random, tally: Tally): Promise<void> {
  const start = performance.now();
  tryPacket(input, tally);
  const payload = input.length > HEADER && random.chance(0.5) ? input.subarray(HEADER) : input;
  tryMessage(COMMANDS[random.integer(0, COMMANDS.length - 1)], payload, input, tally);
  await tryStream(input, random);
  const ms = performance.now() - start;
  if (ms > LONGEST_MS) throw new Finding(`took ${Math.round(ms)} ms`, input);
}

function tryPacket(input: Uint8Array, tally: Tally): void {
  const packet = outcome("parsePacket", input, tally, () => {
    const { command, payload } = parsePacket(input);
    return new Packet(command, payload);
  });
  if (!packet) return;
  expectBytes("serializePacket", serializePacket(packet.command, packet.payload), input, input);
  tryMessage(packet.command, packet.payload, input, tally);
}

function tryMessage(command: string, payload: Uint8Array, input: Uint8Array, tally: Tally): void {
  const what = COMMANDS.includes(command) ? command : "a command that is not known";
  const message = outcome<Message>(what, input, tally, () => parseMessage({ command, payload }));
  if (message) expectBytes(`toBytes of ${command}`, bytesOf(message, input), payload, input);
}

function bytesOf(message: Message, input: Uint8Array): Uint8Array {
  try {
    return message.toBytes();
  } catch (error) {
    throw new Finding(`${message.command} was read and cannot be written: ${String(error)}`, input, {
      cause: error,
    });
  }
}

/** What `parse` gives, if not a ProtocolError. Throws a Finding if it throws anything else, or takes too much memory. */
function outcome<T>(what: string, input: Uint8Array, tally: Tally, parse: () => T): T | undefined {
  let result: T | undefined;
  let name = what;
  const before = allocatedSoFar();
  try {
    result = parse();
  } catch (error) {
    if (!(error instanceof ProtocolError)) {
      throw new Finding(`${what} threw ${String(error)}`, input, { cause: error });
    }
    name = error.code;
  }
  const bytes = allocatedSoFar() - before;
  if (bytes > MEMORY_FACTOR * input.length + SMALL_CHANGE) {
    throw new Finding(`${what} set ${bytes} bytes aside for an input of ${input.length}`, input);
  }
  tally.set(name, (tally.get(name) ?? 0) + 1);
  return result;
}

async function tryStream(input: Uint8Array, random: Random): Promise<void> {
  const whole = await streamed([input], input);
  const cut = await streamed(cutUp(input, random), input);
  if (whole !== cut) throw new Finding(`readPackets gives ${whole} whole, and ${cut} in pieces`, input);
}

/** The packets in a stream, and the error it ends with, as text. */
async function streamed(chunks: Uint8Array[], input: Uint8Array): Promise<string> {
  const found: string[] = [];
  try {
    for await (const { command, payload } of readPackets(fromList(chunks))) {
      found.push(`${command} ${toHex(payload)}`);
    }
  } catch (error) {
    if (!(error instanceof ProtocolError)) {
      throw new Finding(`readPackets threw ${String(error)}`, input, { cause: error });
    }
    found.push(error.message);
  }
  return found.join("; ");
}

async function* fromList(chunks: Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield chunk;
}

/** The input in up to eight pieces. */
function cutUp(input: Uint8Array, random: Random): Uint8Array[] {
  const queue = new ByteQueue();
  queue.add(input);
  const pieces: Uint8Array[] = [];
  for (let left = random.integer(0, 7); left > 0; left--) {
    pieces.push(queue.take(random.integer(0, queue.length))!);
  }
  return [...pieces, queue.take(queue.length)!];
}

function expectBytes(what: string, actual: Uint8Array, expected: Uint8Array, input: Uint8Array): void {
  if (Buffer.compare(actual, expected) === 0) return;
  throw new Finding(`${what} gives ${toHex(actual)}, which is not what was read`, input);
}
