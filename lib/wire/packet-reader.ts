/**
 * Splits a stream of bytes into packets, wherever the network cut it into chunks.
 *
 * A reader knows no socket: the caller adds chunks, and asks for packets. The reader holds only the
 * bytes of packets that the caller has not taken.
 */
import { ByteQueue } from "./byte-queue";
import { HEADER_LENGTH, Packet, type PacketHeader, readHeader, requireChecksum } from "./packet";

export class PacketReader {
  private readonly queue = new ByteQueue();
  private header: PacketHeader | undefined;

  /** Number of bytes that are missing from the next packet, or from its header while that is incomplete. */
  get missing(): number {
    return (this.header?.length ?? HEADER_LENGTH) - this.queue.length;
  }

  /**
   * Adds a chunk. The caller must not write to it until `next` has returned undefined, and then only
   * after calling `keep`.
   */
  add(chunk: Uint8Array): void {
    this.queue.add(chunk);
  }

  /**
   * Takes the next packet; undefined if none is complete.
   *
   * @throws ProtocolError if a header or payload is wrong. The reader is of no use after that.
   */
  next(): Packet | undefined {
    this.header ??= this.readHeader();
    if (!this.header) return undefined;
    const payload = this.queue.take(this.header.length);
    if (!payload) return undefined;
    requireChecksum(this.header, payload);
    const { command } = this.header;
    this.header = undefined;
    return new Packet(command, payload);
  }

  /** Copies the bytes that the reader holds, so that the caller may write to the last chunk again. */
  keep(): void {
    this.queue.keep();
    if (this.header) this.header = { ...this.header, checksum: Uint8Array.from(this.header.checksum) };
  }

  private readHeader(): PacketHeader | undefined {
    const bytes = this.queue.take(HEADER_LENGTH);
    return bytes && readHeader(bytes);
  }
}

/**
 * Yields the packets in a stream of bytes, however the stream is cut. Ends when the stream ends, even in
 * the middle of a packet.
 *
 * @throws ProtocolError at the first header or payload that is wrong.
 */
export async function* readPackets(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Packet> {
  const reader = new PacketReader();
  for await (const chunk of chunks) {
    reader.add(chunk);
    for (let packet = reader.next(); packet; packet = reader.next()) yield packet;
  }
}
