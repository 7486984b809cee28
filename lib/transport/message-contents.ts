/**
 * Messages as the contents of encrypted packets: a byte for the command, then the payload.
 *
 * Frequent commands have a number. All others, `version` among them, are a 0 and the 12 bytes that they have
 * in v1. https://github.com/bitcoin/bips/blob/master/bip-0324.mediawiki#v2-bitcoin-p2p-message-structure
 */
import { concat } from "../wire/bytes";
import { ProtocolError } from "../wire/errors";
import { COMMAND_LENGTH, MAX_PAYLOAD_LENGTH, Packet, readCommand, writeCommand } from "../wire/packet";

/** The commands with a number, from 1 on, in the order of the BIP's table. */
const COMMANDS: readonly string[] = [
  ...["addr", "block", "blocktxn", "cmpctblock", "feefilter", "filteradd", "filterclear", "filterload"],
  ...["getblocks", "getblocktxn", "getdata", "getheaders", "headers", "inv", "mempool", "merkleblock"],
  ...["notfound", "ping", "pong", "sendcmpct", "tx", "getcfilters", "cfilter", "getcfheaders", "cfheaders"],
  ...["getcfcheckpt", "cfcheckpt", "addrv2"],
];
/** The number that says that the command follows, in 12 bytes. */
const SPELLED_OUT = 0;

/**
 * Returns the contents of the packet with that message.
 *
 * @throws RangeError if the command is not valid, or if the payload is longer than 4,000,000 bytes.
 */
export function messageToContents(command: string, payload: Uint8Array): Uint8Array {
  if (payload.length > MAX_PAYLOAD_LENGTH) {
    throw new RangeError(`expected a payload of at most ${MAX_PAYLOAD_LENGTH} bytes, got ${payload.length}`);
  }
  const id = COMMANDS.indexOf(command) + 1;
  return id > 0
    ? concat([Uint8Array.of(id), payload])
    : concat([Uint8Array.of(SPELLED_OUT), writeCommand(command), payload]);
}

/**
 * Returns the message in the contents of a packet; undefined if its number is none that we know. BIP 324 has
 * numbers added later, so such a message is ignored, as an unknown command is.
 *
 * @throws ProtocolError MALFORMED if the contents end within the command, BAD_COMMAND if it is not text.
 */
export function contentsToMessage(contents: Uint8Array): Packet | undefined {
  const commandEnd = contents[0] === SPELLED_OUT ? 1 + COMMAND_LENGTH : 1;
  if (contents.length < commandEnd) {
    const message = `contents of a packet: expected at least ${commandEnd} bytes, got ${contents.length}`;
    throw new ProtocolError("MALFORMED", message);
  }
  const command =
    contents[0] === SPELLED_OUT ? readCommand(contents.subarray(1, commandEnd)) : COMMANDS[contents[0] - 1];
  return command === undefined ? undefined : new Packet(command, contents.subarray(commandEnd));
}
