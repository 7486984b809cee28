/**
 * The DNS server of the practice network, on 127.0.0.1 (RFC 1035): over UDP, and over TCP for answers that are
 * too long for it.
 *
 * It has a port of its own, because port 53 needs rights and may be taken. No question may end the network:
 * what cannot be read has no answer.
 */
import dgram from "node:dgram";
import { once } from "node:events";
import net from "node:net";
import dns, { type Answer, type DecodedPacket, type Packet } from "dns-packet";
import { closerOf, closeServer } from "./close-server";
import type { SeedZone } from "./seed-zone";

/** A DNS server that is up. */
export interface DnsServer {
  readonly port: number;
  close(): Promise<void>;
}

const HOST = "127.0.0.1";
/** How often to look for a port that is free for UDP and TCP both. */
const ATTEMPTS = 20;
const TTL_SECONDS = 60;
/** The longest message over UDP, in bytes. */
const MAX_DATAGRAM = 512;
/** The longest question over TCP, in bytes: a name has at most 255. */
const MAX_QUESTION = 512;
/** Over TCP a message comes after its length in two bytes. */
const LENGTH_BYTES = 2;
const IDLE_MS = 5000;
/** The response code of a name that does not exist. */
const NXDOMAIN = 3;

/**
 * Starts a DNS server that answers questions about the names in `zone`.
 *
 * @throws the system's error if no port is free.
 */
export async function serveDns(zone: SeedZone): Promise<DnsServer> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await listen(zone);
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
    }
  }
}

/** Listens at a free port. Rejects if it is not free for TCP too. */
async function listen(zone: SeedZone): Promise<DnsServer> {
  const udp = dgram.createSocket("udp4");
  udp.on("message", (bytes, { port, address }) => {
    const response = answerTo(zone, bytes);
    if (response) udp.send(forUdp(response), port, address, () => {}); // the asker may be gone
  });
  udp.bind(0, HOST);
  await once(udp, "listening");
  const { port } = udp.address();
  const tcp = net.createServer((socket) => answerStream(zone, socket));
  const closeTcp = closerOf(tcp);
  try {
    tcp.listen(port, HOST);
    await once(tcp, "listening");
  } catch (error) {
    udp.close();
    throw error;
  }
  udp.on("error", () => {});
  tcp.on("error", () => {}); // without a free file descriptor a connection cannot be accepted
  const close = async () => {
    await Promise.all([closeServer(udp), closeTcp()]);
  };
  return { port, close };
}

/** Answers the questions that come over a TCP connection. */
function answerStream(zone: SeedZone, socket: net.Socket): void {
  let held = Buffer.alloc(0);
  socket.setTimeout(IDLE_MS, () => socket.destroy());
  socket.on("error", () => socket.destroy());
  socket.on("data", (chunk: Buffer) => {
    held = Buffer.concat([held, chunk]);
    while (held.length >= LENGTH_BYTES) {
      const end = LENGTH_BYTES + held.readUInt16BE();
      if (end > LENGTH_BYTES + MAX_QUESTION) return void socket.destroy();
      if (held.length < end) return;
      const response = answerTo(zone, held.subarray(LENGTH_BYTES, end));
      if (response) socket.write(dns.streamEncode(response));
      held = held.subarray(end);
    }
  });
}

/** Returns the bytes of a response, without its records if it is too long: its asker then asks over TCP. */
function forUdp(response: Packet): Buffer {
  const bytes = dns.encode(response);
  if (bytes.length <= MAX_DATAGRAM) return bytes;
  return dns.encode({ ...response, flags: response.flags! | dns.TRUNCATED_RESPONSE, answers: [] });
}

/** Returns the answer to a request, or undefined if there is none: nobody answers, or it cannot be read. */
function answerTo(zone: SeedZone, bytes: Buffer): Packet | undefined {
  const request = decoded(bytes);
  const [question] = request?.questions ?? [];
  if (request?.type !== "query" || !question) return undefined;
  const { name, type } = question;
  const records = zone.answer(name, type === "AAAA" ? "AAAA" : "A");
  if (records === "silence") return undefined;
  const isAddress = type === "A" || type === "AAAA";
  return {
    type: "response",
    id: request.id,
    flags: dns.AUTHORITATIVE_ANSWER | (records ? 0 : NXDOMAIN),
    questions: [question],
    answers: isAddress ? records?.map((data): Answer => ({ name, type, ttl: TTL_SECONDS, data })) : [],
  };
}

function decoded(bytes: Buffer): DecodedPacket | undefined {
  try {
    return dns.decode(bytes);
  } catch {
    return undefined;
  }
}
