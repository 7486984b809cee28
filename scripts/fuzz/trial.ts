/**
 * Checks what must hold for any bytes.
 *
 *  1. `parsePacket` returns a packet that is written as the same bytes, or throws a ProtocolError
 *  2. so does `parseMessage`, with the bytes, or those after the header, as the payload of any command
 *  3. `readPackets` yields the same packets, or throws the same error, however the bytes are cut
 *  4. `contentsToMessage` (BIP 324) returns a message that is read back as it is written, or throws one
 *  5. none of them takes more than a second, or allocates more than 8 times the bytes and 4,096 bytes
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
import { contentsToMessage, messageToContents } from "@course/lib/transport";
import { Random } from "@course/lib/util";
import { allocatedSoFar } from "./allocations";

const COMMANDS: readonly string[] = ["version", "addr", "addrv2", "ping", "pong", ...EMPTY_COMMANDS, "inv"];

const HEADER_LENGTH = 24;
const LIMIT_MS = 1000;
/** Bytes that parsing may allocate beyond MEMORY_FACTOR times the input. */
const BASE_ALLOWANCE = 4096;
const MEMORY_FACTOR = 8;

/** An input for which a check fails. `message` says which. */
export class Finding extends Error {
  constructor(
    message: string,
    readonly input: Uint8Array,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

/** How often parsing ended in each outcome: a command, or the code of an error. */
export type OutcomeCounts = Map<string, number>;

/**
 * Makes all checks with one input.
 *
 * @throws Finding
 */
export async function tryInput(input: Uint8Array, random: Random, counts: OutcomeCounts): Promise<void> {
  const start = performance.now();
  tryPacket(input, counts);
  const payload = input.length > HEADER_LENGTH && random.chance(0.5) ? input.subarray(HEADER_LENGTH) : input;
  tryMessage(COMMANDS[random.integer(0, COMMANDS.length - 1)], payload, input, counts);
  await tryStream(input, random);
  tryContents(input, counts);
  const ms = performance.now() - start;
  if (ms > LIMIT_MS) throw new Finding(`took ${Math.round(ms)} ms`, input);
}

function tryPacket(input: Uint8Array, counts: OutcomeCounts): void {
  const packet = outcome("parsePacket", input, counts, () => {
    const { command, payload } = parsePacket(input);
    return new Packet(command, payload);
  });
  if (!packet) return;
  expectBytes("serializePacket", serializePacket(packet.command, packet.payload), input, input);
  tryMessage(packet.command, packet.payload, input, counts);
}

function tryMessage(command: string, payload: Uint8Array, input: Uint8Array, counts: OutcomeCounts): void {
  const what = COMMANDS.includes(command) ? command : "an unknown command";
  const message = outcome<Message>(what, input, counts, () => parseMessage({ command, payload }));
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

/**
 * Returns the result of `parse`; undefined if it throws a ProtocolError. Counts the outcome.
 *
 * @throws Finding if `parse` throws another error, or allocates too much memory.
 */
function outcome<T>(what: string, input: Uint8Array, counts: OutcomeCounts, parse: () => T): T | undefined {
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
  if (bytes > MEMORY_FACTOR * input.length + BASE_ALLOWANCE) {
    throw new Finding(`${what} allocated ${bytes} bytes for an input of ${input.length}`, input);
  }
  counts.set(name, (counts.get(name) ?? 0) + 1);
  return result;
}

function tryContents(input: Uint8Array, counts: OutcomeCounts): void {
  const message = outcome("contentsToMessage", input, counts, () => contentsToMessage(input));
  if (!message) return;
  const { command, payload } = contentsToMessage(messageToContents(message.command, message.payload))!;
  expectBytes("messageToContents", payload, message.payload, input);
  if (command !== message.command) throw new Finding(`${message.command} is read back as ${command}`, input);
}

async function tryStream(input: Uint8Array, random: Random): Promise<void> {
  const whole = await streamed([input], input);
  const cut = await streamed(inChunks(input, random), input);
  if (whole !== cut)
    throw new Finding(`readPackets gives ${whole} for the whole input, and ${cut} for the cut one`, input);
}

/** Returns the packets in a stream, and the error that ends it, as text. */
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

/** Returns the input in up to eight chunks. */
function inChunks(input: Uint8Array, random: Random): Uint8Array[] {
  const queue = new ByteQueue();
  queue.add(input);
  const chunks: Uint8Array[] = [];
  for (let left = random.integer(0, 7); left > 0; left--) {
    chunks.push(queue.take(random.integer(0, queue.length))!);
  }
  return [...chunks, queue.take(queue.length)!];
}

function expectBytes(what: string, actual: Uint8Array, expected: Uint8Array, input: Uint8Array): void {
  if (Buffer.compare(actual, expected) === 0) return;
  throw new Finding(`${what} gives ${toHex(actual)}, which is not what was read`, input);
}
