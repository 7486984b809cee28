/**
 * What a payload holds besides its message's fields: bytes after the last of them, or an early end.
 *
 * Bitcoin Core reads the fields it knows and drops the rest of a payload, so that newer peers may say
 * more. We drop nothing: it is kept out of sight, so that messages print and compare by their fields
 * alone, and are written as the bytes they were read from. A message that is built from fields has
 * none of it.
 */
import { ByteReader, concat } from "./bytes";

interface TrailingBytes {
  /** How many of the bytes that the fields make were there. */
  end: number;
  /** What came after them. */
  rest: Uint8Array;
}

const trailing = new WeakMap<object, TrailingBytes>();

/** Keeps a copy of the payload's bytes from `end` on, where those of the message's fields end; gives the message back. */
export function keepTrailingBytes<M extends object>(message: M, payload: Uint8Array, end: number): M {
  trailing.set(message, { end, rest: Uint8Array.from(payload.subarray(end)) });
  return message;
}

/** Keeps what a reader has left, if it has, of a message whose fields have all been read; gives the message back. */
export function keepUnread<M extends object>(message: M, reader: ByteReader): M {
  return reader.remaining > 0 ? keepTrailingBytes(message, reader.bytes, reader.offset) : message;
}

/** The bytes that a message was read from, if `bytes` are what its fields make. */
export function withTrailingBytes(message: object, bytes: Uint8Array): Uint8Array {
  const tail = trailing.get(message);
  return tail ? concat([bytes.subarray(0, tail.end), tail.rest]) : bytes;
}
