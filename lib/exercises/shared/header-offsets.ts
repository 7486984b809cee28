/** Where the fields of a message's header begin, in bytes from the start of the message. */
import { COMMAND_LENGTH, MAGIC } from "../../wire/packet";

export const COMMAND_OFFSET: number = MAGIC.length;
export const LENGTH_OFFSET: number = COMMAND_OFFSET + COMMAND_LENGTH;
export const CHECKSUM_OFFSET: number = LENGTH_OFFSET + 4;
