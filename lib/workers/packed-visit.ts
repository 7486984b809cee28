/**
 * Visits in a form that can be sent from one thread or process to another.
 *
 * Messages are copied by the structured clone algorithm: plain objects, numbers, bigints and bytes. An
 * object of a class loses its class, and an error its code. So the version message is sent as its payload
 * and the error as its parts, and both are constructed again on arrival.
 * https://developer.mozilla.org/docs/Web/API/Web_Workers_API/Structured_clone_algorithm
 */
import { errorOfCode, type PeerError } from "../peer/errors";
import { VersionMessage } from "../wire/version-message";
import type { Visit } from "../peer/visit";
import type { ProtocolError } from "../wire/errors";

/** A visit that loses nothing when it is copied. */
export interface PackedVisit extends Omit<Visit, "versionMessage" | "error"> {
  /** The bytes of the version message. */
  payload?: Uint8Array;
  error?: PackedError;
}

interface PackedError {
  name: string;
  code?: string;
  message: string;
}

/** Returns the visit in a form that can be sent to another thread or process. */
export function packVisit({ versionMessage, error, ...times }: Visit): PackedVisit {
  const packed: PackedVisit = times;
  if (versionMessage) packed.payload = versionMessage.toBytes();
  if (error) packed.error = { name: error.name, code: error.code, message: error.message };
  return packed;
}

/** Returns the visit that was packed. `worker` is the name of the worker that made it. */
export function unpackVisit({ payload, error, ...times }: PackedVisit, worker?: string): Visit {
  const visit: Visit = times;
  if (worker !== undefined) visit.worker = worker;
  if (payload) visit.versionMessage = VersionMessage.fromBytes(payload);
  if (error) visit.error = unpackError(error);
  return visit;
}

function unpackError({ name, code, message }: PackedError): PeerError | ProtocolError {
  if (code !== undefined && (name === "PeerError" || name === "ProtocolError"))
    return errorOfCode(code, message);
  // Neither class: a mistake in the program, which must be seen, whatever the type says.
  return Object.assign(new Error(message), { name, code }) as PeerError;
}
