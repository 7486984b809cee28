/**
 * The candidates of the reading benchmark: the floor, the library, and published implementations.
 *
 * Each reads a whole version packet: header, checksum, and all fields.
 */
import { recordedChunks, RECORDINGS } from "@course/lib/recordings";
import { OUR_VERSION, Packet, VersionMessage } from "@course/lib/wire";
import { readBareVersion } from "./bare-reader";
import { publishedReaders, type Read } from "./published";
import type { Candidate } from "./measure";

const VERSION = "version";

/** Returns version packets of several programs, so that no reader is optimized for a single one. */
export function versionPackets(): Buffer[] {
  const packets = RECORDINGS.flatMap((recording) => {
    const bytes = Buffer.concat(recordedChunks(recording));
    const start = bytes.indexOf(VERSION) - 4;
    return Buffer.from(bytes.subarray(start, start + 24 + bytes.readUInt32LE(start + 16)));
  });
  return [Buffer.from(OUR_VERSION), ...packets];
}

/**
 * Returns the candidates; the floor is the first.
 *
 * @throws Error if one of them does not read the packets.
 */
export async function candidates(signal?: AbortSignal): Promise<Candidate[]> {
  const packets = versionPackets();
  const readers: { name: string; read: Read }[] = [
    { name: "floor: bare Buffer reader", read: readBareVersion },
    { name: "@course/lib", read: (bytes) => VersionMessage.fromBytes(Packet.fromBytes(bytes).payload) },
    ...(await publishedReaders(signal)),
  ];
  for (const { name, read } of readers) {
    if (packets.some((packet) => !read(packet))) throw new Error(`${name} does not read a version message`);
  }
  return readers.map(({ name, read }) => ({ name, run: (times) => readTimes(read, packets, times) }));
}

/** The result of the last read. Exported, so that the compiler cannot remove the reads as unused. */
export let last: unknown;

function readTimes(read: Read, packets: readonly Buffer[], times: number): void {
  for (let i = 0; i < times; i++) last = read(packets[i % packets.length]);
}
