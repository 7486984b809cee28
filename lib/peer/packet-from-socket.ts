/**
 * `Packet.fromSocket`: the next packet on a socket, on the same framing as `PacketReader`.
 *
 * It is added to `Packet` here, and not there, so that the codecs know no socket.
 */
import type { Socket } from "node:net";
import { Packet } from "../wire/packet";
import { PacketReader } from "../wire/packet-reader";
import { ProtocolError } from "../wire/errors";

declare module "../wire/packet" {
  namespace Packet {
    /** The next packet on a socket; what comes after it stays on the socket. Rejects if it closes before. */
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

/** The next `length` bytes of a socket, once they are all here. */
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
