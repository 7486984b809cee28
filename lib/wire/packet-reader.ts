/**
 * Packets out of bytes that come as the network cuts them.
 *
 * A reader knows no socket: it is given chunks, and asked for packets. Of what it was given it holds
 * no more than the packet that is not complete.
 */
import { ByteQueue } from "./byte-queue";
import { HEADER_LENGTH, Packet, type PacketHeader, readHeader, requireChecksum } from "./packet";

export class PacketReader {
  private readonly queue = new ByteQueue();
  private header: PacketHeader | undefined;

  /** How many bytes are still missing of the next packet; of its header alone until that is here. */
  get missing(): number {
    return (this.header?.length ?? HEADER_LENGTH) - this.queue.length;
  }

  /** Adds a chunk, which must not change until `next` has given undefined; nor afterwards, unless `keep` is called. */
  add(chunk: Uint8Array): void {
    this.queue.add(chunk);
  }

  /** The next packet that is complete, or undefined. Throws a ProtocolError for a header or payload that is not right; after that there is no next one. */
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

  /** Copies what is held out of the chunk it came in, which may then be written to. */
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
 * The packets in a stream of bytes, however the bytes are cut. Ends when the stream ends, even in
 * the middle of a message; throws a ProtocolError after the first header or payload that is not right.
 */
export async function* readPackets(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Packet> {
  const reader = new PacketReader();
  for await (const chunk of chunks) {
    reader.add(chunk);
    for (let packet = reader.next(); packet; packet = reader.next()) yield packet;
  }
}
