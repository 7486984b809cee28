/**
 * The classes whose objects cross as copies: those of the messages, and of errors. Both sides have them.
 *
 * A class with private fields is not among them: a copy would lack these.
 */
import { BitnodesError } from "../../bitnodes/errors";
import { PeerError } from "../../peer/errors";
import { AddrMessage } from "../../wire/addr";
import { AddrV2Message } from "../../wire/addrv2";
import { ByteReader, ByteWriter } from "../../wire/bytes";
import { ProtocolError } from "../../wire/errors";
import { Packet } from "../../wire/packet";
import { VersionMessage } from "../../wire/version-message";

type Class = { readonly name: string; readonly prototype: object };

const ERRORS = [
  Error,
  TypeError,
  RangeError,
  SyntaxError,
  ReferenceError,
  EvalError,
  URIError,
  AggregateError,
];
const OURS = [
  ...[ProtocolError, PeerError, BitnodesError],
  ...[ByteReader, ByteWriter, Packet, VersionMessage, AddrMessage, AddrV2Message],
];

const byName = new Map<string, Class>([...ERRORS, ...OURS].map((one) => [one.name, one]));
const byPrototype = new Map([...byName].map(([name, { prototype }]) => [prototype, name]));

/** Returns the name of the shared class with this prototype. */
export function nameOfShared(prototype: object): string | undefined {
  return byPrototype.get(prototype);
}

/** Returns the prototype of the shared class with this name. */
export function sharedPrototype(name: string): object | undefined {
  return byName.get(name)?.prototype;
}
