/**
 * Visits on their way from one thread or process to another.
 *
 * What travels is copied by the structured clone algorithm: plain objects, numbers, bigints, bytes.
 * An object of a class arrives without its class, and an error without its code. So the version
 * message goes as its payload, the error as its parts, and both are made anew on arrival.
 * https://developer.mozilla.org/docs/Web/API/Web_Workers_API/Structured_clone_algorithm
 */
import { errorOfCode, type PeerError } from "../peer/errors";
import { VersionMessage } from "../wire/version-message";
import type { Visit } from "../peer/visit";
import type { ProtocolError } from "../wire/errors";

/** A visit of which nothing is lost when it is copied. */
export interface PackedVisit extends Omit<Visit, "versionMessage" | "error"> {
  /** The version message, as its bytes. */
  payload?: Uint8Array;
  error?: PackedError;
}

interface PackedError {
  name: string;
  code?: string;
  message: string;
}

/** The visit in a form that can be sent to another thread or process. */
export function packVisit({ versionMessage, error, ...times }: Visit): PackedVisit {
  const packed: PackedVisit = times;
  if (versionMessage) packed.payload = versionMessage.toBytes();
  if (error) packed.error = { name: error.name, code: error.code, message: error.message };
  return packed;
}

/** The visit that was packed, done by `worker`. */
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
  return Object.assign(new Error(message), { name, code }) as PeerError; // a mistake of ours: to be seen, not hidden
}
