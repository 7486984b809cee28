/**
 * Remembers where a payload differs from its message's fields: bytes after them, or an early end.
 *
 * Bitcoin Core reads the fields it knows and drops the rest of a payload, so that newer peers may send
 * more. We remember the rest outside of the message. So messages print and compare by their fields
 * alone, and are still written as the bytes they were read from.
 */
import { ByteReader, concat } from "./bytes";

interface TrailingBytes {
  /** Number of bytes of the payload that come from the message's fields. */
  end: number;
  /** The bytes after `end`. */
  rest: Uint8Array;
}

/** By message. Messages built from fields are not in it. */
const trailing = new WeakMap<object, TrailingBytes>();

/** Remembers the payload bytes after `end`, the end of the known fields. Returns the message. */
export function keepTrailingBytes<M extends object>(message: M, payload: Uint8Array, end: number): M {
  trailing.set(message, { end, rest: Uint8Array.from(payload.subarray(end)) });
  return message;
}

/** Remembers the bytes that a reader has left once all fields are read. Returns the message. */
export function keepUnread<M extends object>(message: M, reader: ByteReader): M {
  return reader.remaining > 0 ? keepTrailingBytes(message, reader.bytes, reader.offset) : message;
}

/** Returns the payload that a message was read from, given the bytes of its fields. */
export function withTrailingBytes(message: object, bytes: Uint8Array): Uint8Array {
  const remembered = trailing.get(message);
  return remembered ? concat([bytes.subarray(0, remembered.end), remembered.rest]) : bytes;
}
