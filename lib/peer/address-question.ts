/**
 * How a crawl asks a peer for the addresses it knows: what it sends after the peer's version message.
 *
 * A peer that has been told `sendaddrv2` before `verack` answers with `addrv2` (BIP 155), which has room for
 * addresses behind Tor and in I2P; others answer with `addr`.
 */
import { ADDRV2_VERSION } from "../wire/addrv2";
import { serializePacket } from "../wire/packet";

/** Some commands without payloads, and their packets in one buffer. */
export interface AddressQuestion {
  readonly commands: readonly string[];
  readonly packets: Buffer;
}

const QUESTION = questionOf("verack", "getaddr");
const QUESTION_V2 = questionOf("sendaddrv2", "verack", "getaddr");

function questionOf(...commands: string[]): AddressQuestion {
  return { commands, packets: Buffer.concat(commands.map((command) => serializePacket(command))) };
}

/** Returns how to ask a peer for addresses. `version` is the lower one of its protocol version and ours. */
export function questionFor(version: number): AddressQuestion {
  return version >= ADDRV2_VERSION ? QUESTION_V2 : QUESTION;
}
