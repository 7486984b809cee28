/** What learners plausibly write instead of `getVersionMessage`. */
import { once } from "node:events";
import net from "node:net";
import type { AddressTuple } from "../../peer/address";
import { Packet, serializePacket } from "../../wire/packet";
import { PEER_ERRORS, PeerError } from "../../peer/errors";
import { getVersionMessage } from "../../peer/handshake";
import { DEFAULT_TIMEOUT_MS, noDnsLookup, withTimeout } from "../../peer/connect";
import { OUR_VERSION, VersionMessage } from "../../wire/version-message";
import type { WrongAnswer } from "../../checks/exercise";
import { OLD_PEER } from "../shared/recorded-replies";
import { connected, firstVersion, firstVersionUnclosed } from "../shared/wrong-calls";

export const wrongCallers: readonly WrongAnswer<typeof getVersionMessage>[] = [
  {
    name: "takes the first chunk as the whole message",
    caughtBy: "It comes back however the bytes are divided into chunks",
    answer: (address) =>
      calling(address, async (socket) => {
        const [chunk] = (await withTimeout(DEFAULT_TIMEOUT_MS, "ANSWER_TIMEOUT", once(socket, "data"))) as [
          Buffer,
        ];
        return VersionMessage.fromBytes(Packet.fromBytes(chunk).payload);
      }),
  },
  {
    name: "waits for the first chunk, and reads packets from what comes after it",
    caughtBy: "The peer's version message comes back",
    answer: (address) =>
      calling(address, async (socket) => {
        await once(socket, "data");
        return answerInTime(socket);
      }),
    message: /from btcd .*no answer within .* had sent all that it had to send.*every chunk/s,
  },
  {
    name: "takes the first packet as the version message",
    caughtBy: "Messages before the version message are skipped",
    answer: (address) =>
      calling(address, async (socket) => {
        const packet = await withTimeout(DEFAULT_TIMEOUT_MS, "ANSWER_TIMEOUT", Packet.fromSocket(socket));
        return VersionMessage.fromBytes(packet.payload);
      }),
  },
  {
    name: "takes a peer that hangs up for one that is silent",
    caughtBy: "A peer that hangs up is an error",
    answer: (address) =>
      getVersionMessage(address).catch((error: { code?: string }) => {
        if (error.code === "CLOSED") throw new PeerError("ANSWER_TIMEOUT", PEER_ERRORS.ANSWER_TIMEOUT);
        throw error;
      }),
    message: /hangs up at once: expected an error with the code "CLOSED", got one with "ANSWER_TIMEOUT"/,
  },
  {
    name: "asks a name server for nodes behind Tor",
    caughtBy: "A name server is asked for nobody: not for a node behind Tor either",
    answer: async (address) => {
      const socket = await connected(address, {});
      socket.destroy();
      return getVersionMessage(address);
    },
    message: /for expyuzz4wqqyqhjn\.onion:8333: expected no name server to be asked, got a question for/,
  },
  {
    name: "sets no limit on connecting",
    caughtBy: "A connection that is never accepted is given up after a second",
    answer: async ([host, port]) => {
      const socket = net.connect({ host, port, lookup: noDnsLookup });
      try {
        await once(socket, "connect");
        socket.write(OUR_VERSION);
        return await withTimeout(DEFAULT_TIMEOUT_MS, "ANSWER_TIMEOUT", firstVersion(socket));
      } finally {
        socket.destroy();
      }
    },
  },
  {
    name: "never gives up",
    caughtBy: "A peer that sends nothing is given up after a second",
    answer: (address) => calling(address, firstVersion),
  },
  {
    name: "gives up after a tenth of a second",
    caughtBy: "A peer that sends nothing is given up after a second",
    answer: (address) =>
      calling(address, (socket) => withTimeout(100, "ANSWER_TIMEOUT", firstVersion(socket))),
  },
  {
    name: "waits for a second between two bytes",
    caughtBy: "A peer that sends too slowly, or only other messages, is given up after a second",
    answer: (address) =>
      calling(address, (socket) => {
        socket.setTimeout(1000, () => socket.destroy(new Error("no byte for a second")));
        return firstVersion(socket);
      }),
  },
  {
    name: "waits for a second for each packet",
    caughtBy: "A peer that sends too slowly, or only other messages, is given up after a second",
    answer: (address) =>
      calling(address, async (socket) => {
        for (;;) {
          const packet = await withTimeout(DEFAULT_TIMEOUT_MS, "ANSWER_TIMEOUT", Packet.fromSocket(socket));
          if (packet.command === "version") return VersionMessage.fromBytes(packet.payload);
        }
      }),
  },
  {
    name: "closes the socket only when all went well",
    caughtBy: "The socket is closed in every case",
    async answer(address: AddressTuple): Promise<VersionMessage> {
      const socket = await connected(address);
      socket.write(OUR_VERSION);
      const message = await withTimeout(DEFAULT_TIMEOUT_MS, "ANSWER_TIMEOUT", firstVersionUnclosed(socket));
      socket.destroy();
      return message;
    },
  },
  {
    name: "sends the payload without its header",
    caughtBy: "The peer receives OUR_VERSION, byte for byte",
    answer: (address) => calling(address, answerInTime, OUR_VERSION.subarray(24)),
  },
  {
    name: "sends another version message",
    caughtBy: "The peer receives OUR_VERSION, byte for byte",
    answer: (address) => calling(address, answerInTime, ANOTHER_VERSION),
  },
  {
    name: "waits for the peer to send first",
    caughtBy: "The peer receives OUR_VERSION, byte for byte",
    answer: (address) => calling(address, answerInTime, new Uint8Array(0)),
  },
  {
    name: "returns undefined for a peer that hangs up",
    caughtBy: "A peer that hangs up is an error",
    answer: (address) =>
      calling(address, (socket) =>
        answerInTime(socket).catch((error) => {
          if (error.cause?.code === "CLOSED") return undefined as unknown as VersionMessage;
          throw error;
        }),
      ),
  },
  {
    name: "returns undefined for an address that refuses the connection",
    caughtBy: "An address that refuses the connection is an error",
    answer: (address) =>
      getVersionMessage(address).catch((error) => {
        if (error.code === "REFUSED") return undefined as unknown as VersionMessage;
        throw error;
      }),
  },
  {
    name: "invents a message when the bytes are no Bitcoin message",
    caughtBy: "Bytes that are no Bitcoin message are an error",
    answer: (address) =>
      getVersionMessage(address).catch((error) => {
        if (error.name === "ProtocolError") return OLD_PEER.message;
        throw error;
      }),
  },
  {
    name: "returns the payload, unread",
    caughtBy: "The peer's version message comes back",
    answer: async (address) => (await getVersionMessage(address)).toBytes() as unknown as VersionMessage,
  },
];

const ANOTHER_VERSION: Uint8Array = serializePacket("version", OLD_PEER.message.toBytes());

const answerInTime = (socket: net.Socket) =>
  withTimeout(DEFAULT_TIMEOUT_MS, "ANSWER_TIMEOUT", firstVersion(socket));

/** Makes a call that differs from the right one in how it reads, or in the version message that it sends. */
async function calling(
  address: AddressTuple,
  read: (socket: net.Socket) => Promise<VersionMessage>,
  version: Uint8Array = OUR_VERSION,
): Promise<VersionMessage> {
  const socket = await connected(address);
  try {
    if (version.length > 0) socket.write(version);
    return await read(socket);
  } finally {
    socket.destroy();
  }
}
