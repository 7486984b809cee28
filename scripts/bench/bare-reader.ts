/**
 * The floor: the least code that reads a version message with `Buffer` and the runtime's hash.
 *
 * It checks only magic, command and checksum, its errors say only what is wrong, and it leaves IP addresses
 * as bytes.
 */
import * as crypto from "node:crypto";

const MAGIC = 0xd9b4bef9;

/** Node.js's one-shot hash (from 20.12), or else `createHash`. */
const sha256: (bytes: Uint8Array) => Buffer =
  typeof crypto.hash === "function"
    ? (bytes) => crypto.hash("sha256", bytes, "buffer")
    : (bytes) => crypto.createHash("sha256").update(bytes).digest();

interface BareVersion {
  version: number;
  services: bigint;
  timestamp: bigint;
  receiver: { services: bigint; address: Buffer; port: number };
  sender: { services: bigint; address: Buffer; port: number };
  nonce: bigint;
  userAgent: string;
  startHeight: number;
  relay: boolean | undefined;
}

/**
 * Reads the fields of a whole version packet.
 *
 * @throws Error if magic, command or checksum is wrong.
 */
export function readBareVersion(packet: Buffer): BareVersion {
  if (packet.readUInt32LE(0) !== MAGIC) throw new Error("magic");
  if (packet.toString("latin1", 4, 11) !== "version") throw new Error("command");
  const payload = packet.subarray(24, 24 + packet.readUInt32LE(16));
  if (sha256(sha256(payload)).readUInt32LE(0) !== packet.readUInt32LE(20)) throw new Error("checksum");
  const userAgentEnd = 81 + payload[80];
  return {
    version: payload.readInt32LE(0),
    services: payload.readBigUInt64LE(4),
    timestamp: payload.readBigInt64LE(12),
    receiver: readAddress(payload, 20),
    sender: readAddress(payload, 46),
    nonce: payload.readBigUInt64LE(72),
    userAgent: payload.toString("utf8", 81, userAgentEnd),
    startHeight: payload.readInt32LE(userAgentEnd),
    relay: userAgentEnd + 4 < payload.length ? payload[userAgentEnd + 4] !== 0 : undefined,
  };
}

function readAddress(payload: Buffer, offset: number): BareVersion["receiver"] {
  return {
    services: payload.readBigUInt64LE(offset),
    address: payload.subarray(offset + 8, offset + 24),
    port: payload.readUInt16BE(offset + 24),
  };
}
