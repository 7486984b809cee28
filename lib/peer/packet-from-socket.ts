/**
 * Adds `Packet.fromSocket`, which reads one packet from a socket by means of `PacketReader`.
 *
 * It is added here, and not in wire/packet.ts, because wire/ knows no socket.
 */
import type { Socket } from "node:net";
import { Packet } from "../wire/packet";
import { PacketReader } from "../wire/packet-reader";
import { ProtocolError } from "../wire/errors";

declare module "../wire/packet" {
  namespace Packet {
    /**
     * Reads the next packet from a socket. The bytes after it stay on the socket.
     *
     * @throws ProtocolError if the packet is wrong, or if the connection ends before it is complete.
     */
    let fromSocket: (socket: Socket) => Promise<Packet>;
  }
}

Packet.fromSocket = async (socket: Socket): Promise<Packet> => {
  const reader = new PacketReader();
  for (;;) {
    const packet = reader.next();
    if (packet) return packet;
    reader.add(await readExactly(socket, reader.missing));
  }
};

/** Reads exactly `length` bytes from a socket. */
function readExactly(socket: Socket, length: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const tryToRead = () => {
      const bytes = socket.read(length) as Buffer | null;
      if (bytes?.length === length) settle(() => resolve(bytes));
      else if (bytes || socket.readableEnded || socket.destroyed) onEnd();
    };
    const onEnd = () =>
      settle(() =>
        reject(new ProtocolError("MALFORMED", `expected ${length} more bytes, and the connection ended`)),
      );
    const onError = (error: Error) => settle(() => reject(error));
    const settle = (finish: () => void) => {
      socket.off("readable", tryToRead).off("end", onEnd).off("close", onEnd).off("error", onError);
      finish();
    };
    socket.on("readable", tryToRead).on("end", onEnd).on("close", onEnd).on("error", onError);
    tryToRead();
  });
}
