/**
 * One side of an encrypted connection (BIP 324): bytes in, messages out, and the other way round. It knows no
 * socket, so the same code calls and is called.
 *
 *  1. initiator: public key, garbage
 *  2. responder: public key, garbage, terminator, version packet
 *  3. initiator: terminator, version packet; both: messages
 *
 * https://github.com/bitcoin/bips/blob/master/bip-0324.mediawiki#overview-of-the-handshake
 * The version packet is empty so far. Decoys may come before it, and before every message. Each side's first
 * packet authenticates its garbage. A side that is sent a version message of v1 speaks v1: a responder as in
 * Bitcoin Core (V2Transport in net.cpp), an initiator because some nodes speak first (bcoin 1.0.2).
 */
import { ByteQueue } from "../wire/byte-queue";
import { concat, toHex } from "../wire/bytes";
import { ProtocolError } from "../wire/errors";
import { MAGIC, type Packet, serializePacket, writeCommand } from "../wire/packet";
import { PacketReader } from "../wire/packet-reader";
import { KEY_LENGTH, KeyPair } from "./elligator-swift";
import { PacketSealer } from "./encrypted-packet";
import { EncryptedReader } from "./encrypted-reader";
import { findTerminator, MAX_GARBAGE_LENGTH, randomGarbage } from "./garbage";
import { messageToContents } from "./message-contents";
import { deriveKeys, type DirectionKeys, type Role, sharedSecret, TERMINATOR_LENGTH } from "./session-keys";

/** How a version message of v1 begins: magic and command. */
const V1_PREFIX = concat([MAGIC, writeCommand("version")]);
const NO_BYTES = new Uint8Array(0);

export interface TransportOptions {
  /** Default: a new pair. */
  keyPair?: KeyPair;
  /** At most 4,095 bytes. Default: random bytes of a random length. */
  garbage?: Uint8Array;
  /** Contents of decoys to send before the version packet. Default: none. */
  decoys?: readonly Uint8Array[];
}

/** What a side waits for. */
type Phase = "prefix" | "key" | "garbage" | "packets" | "v1";

export class Transport {
  readonly #role: Role;
  readonly #keyPair: KeyPair;
  readonly #garbage: Uint8Array;
  readonly #decoys: readonly Uint8Array[];
  #phase: Phase = "prefix";
  /** What arrived and was not read. */
  readonly #received = new ByteQueue();
  /** What is to be sent. */
  #output: Uint8Array[] = [];
  /** Messages to be sent as soon as there are keys. */
  #waiting: Array<{ command: string; payload: Uint8Array }> = [];
  #sealer: PacketSealer | undefined;
  #theirKeys: DirectionKeys | undefined;
  /** How much of their garbage was searched for its end. */
  #searched = 0;
  /** What reads packets, once the garbage is over. */
  #reader: EncryptedReader | undefined;
  #v1: PacketReader | undefined;
  #sessionId: Uint8Array | undefined;

  /** @throws RangeError if the garbage is too long. */
  constructor(role: Role, { keyPair, garbage = randomGarbage(), decoys = [] }: TransportOptions = {}) {
    if (garbage.length > MAX_GARBAGE_LENGTH) {
      const message = `expected at most ${MAX_GARBAGE_LENGTH} bytes of garbage, got ${garbage.length}`;
      throw new RangeError(message);
    }
    this.#role = role;
    this.#keyPair = keyPair ?? KeyPair.generate();
    this.#garbage = garbage;
    this.#decoys = decoys;
    if (role === "initiator") this.#sendKey();
  }

  /** Which transport the two sides speak; undefined while that is not known. */
  get protocol(): "v1" | "v2" | undefined {
    if (this.#phase === "v1") return "v1";
    return this.#reader?.hasVersion ? "v2" : undefined;
  }

  /** The same 32 bytes on both sides, unless somebody sits between them; undefined while there are no keys. */
  get sessionId(): Uint8Array | undefined {
    return this.#sessionId;
  }

  /** Returns what is to be sent, and has not been returned before. */
  takeOutput(): Uint8Array {
    const output = concat(this.#output);
    this.#output = [];
    return output;
  }

  /**
   * Sends a message, as soon as there are keys: `takeOutput` returns its bytes.
   *
   * @throws RangeError if the command is not valid, or if the payload is longer than 4,000,000 bytes.
   */
  send(command: string, payload: Uint8Array = NO_BYTES): void {
    if (this.#phase === "v1") return void this.#output.push(serializePacket(command, payload));
    const contents = messageToContents(command, payload);
    if (this.#sealer) this.#output.push(this.#sealer.seal(contents));
    else this.#waiting.push({ command, payload });
  }

  /**
   * Sends a packet that the other side ignores.
   *
   * @throws Error if there are no keys yet.
   */
  sendDecoy(contents: Uint8Array): void {
    if (!this.#sealer) throw new Error("expected keys to send a decoy with, got none yet: wait for theirs");
    this.#output.push(this.#sealer.seal(contents, { ignore: true }));
  }

  /** Adds a chunk. As for `PacketReader`, it must not change before `keep`. */
  add(chunk: Uint8Array): void {
    if (this.#v1) this.#v1.add(chunk);
    else this.#received.add(chunk);
  }

  /** Copies the bytes that are held, so that the caller may write to the last chunk again. */
  keep(): void {
    this.#received.keep();
    this.#v1?.keep();
  }

  /**
   * Takes the next message; undefined if none is complete. What is to be sent in answer is output.
   *
   * @throws ProtocolError if what arrived is wrong. The transport is of no use after that.
   */
  next(): Packet | undefined {
    for (;;) {
      if (this.#phase === "v1") return this.#v1!.next();
      if (this.#phase === "packets") return this.#reader!.next();
      if (!this.#advance()) return undefined;
    }
  }

  /** Takes a step of the handshake, and returns whether enough had arrived for it. */
  #advance(): boolean {
    if (this.#phase === "prefix") return this.#readPrefix();
    if (this.#phase === "key") return this.#readKey();
    return this.#readGarbage();
  }

  /** Tells a version message of v1 from a public key, by the first byte that differs. */
  #readPrefix(): boolean {
    const bytes = this.#received.peek().subarray(0, V1_PREFIX.length);
    const differs = bytes.findIndex((byte, i) => byte !== V1_PREFIX[i]);
    if (differs >= 0) {
      this.#phase = "key";
      if (this.#role === "responder") this.#sendKey();
    } else if (bytes.length === V1_PREFIX.length) this.#speakV1();
    return differs >= 0 || this.#phase === "v1";
  }

  #speakV1(): void {
    this.#phase = "v1";
    this.#v1 = new PacketReader();
    this.#v1.add(this.#received.take(this.#received.length)!);
    for (const { command, payload } of this.#waiting.splice(0)) this.send(command, payload);
  }

  #sendKey(): void {
    this.#output.push(this.#keyPair.publicKey, this.#garbage);
  }

  #readKey(): boolean {
    if (this.#role === "responder") this.#requireNetwork();
    const theirKey = this.#received.take(KEY_LENGTH);
    if (!theirKey) return false;
    const keys = deriveKeys(sharedSecret(this.#keyPair, theirKey, this.#role));
    const [ours, theirs] =
      this.#role === "initiator" ? [keys.initiator, keys.responder] : [keys.responder, keys.initiator];
    this.#sealer = new PacketSealer(ours);
    this.#theirKeys = theirs;
    this.#sessionId = keys.sessionId;
    this.#phase = "garbage";
    this.#startPackets(ours.terminator);
    return true;
  }

  /** Refuses a version message of v1 for another network, which is no public key. */
  #requireNetwork(): void {
    const bytes = this.#received.peek().subarray(0, V1_PREFIX.length);
    if (bytes.length < V1_PREFIX.length) return;
    if (bytes.subarray(MAGIC.length).some((byte, i) => byte !== V1_PREFIX[MAGIC.length + i])) return;
    const magic = toHex(bytes.subarray(0, MAGIC.length));
    throw new ProtocolError("BAD_MAGIC", `magic: expected ${toHex(MAGIC)}, got ${magic}`);
  }

  /** Sends our terminator, decoys, the version packet, and the messages that waited for it. */
  #startPackets(terminator: Uint8Array): void {
    const sealer = this.#sealer!;
    this.#output.push(terminator);
    const packets = [...this.#decoys.map((contents) => ({ contents, ignore: true })), { contents: NO_BYTES }];
    packets.forEach(({ contents, ...options }, i) => {
      const aad = i === 0 ? this.#garbage : undefined;
      this.#output.push(sealer.seal(contents, { aad, ...options }));
    });
    for (const { command, payload } of this.#waiting.splice(0)) this.send(command, payload);
  }

  #readGarbage(): boolean {
    const keys = this.#theirKeys!;
    const length = findTerminator(this.#received.peek(), keys.terminator, this.#searched);
    this.#searched = this.#received.length;
    if (length === undefined) return false;
    const garbage = Uint8Array.from(this.#received.take(length)!);
    this.#received.take(TERMINATOR_LENGTH);
    this.#reader = new EncryptedReader(keys, this.#received, garbage);
    this.#theirKeys = undefined; // the reader's ciphers change them, and nothing leads back
    this.#phase = "packets";
    return true;
  }
}
