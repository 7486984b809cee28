/**
 * The classes whose objects cross as copies: those of the messages, and of errors. Both sides have them.
 *
 * A class with private fields is not among them: a copy would lack these.
 */
import path from "node:path";
import { BitnodesError } from "../../bitnodes/errors";
import { PeerError } from "../../peer/errors";
import { ByteReader, ByteWriter } from "../../wire/bytes";
import { ProtocolError } from "../../wire/errors";
import { Packet } from "../../wire/packet";

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
const OURS = [...[ProtocolError, PeerError, BitnodesError], ...[ByteReader, ByteWriter, Packet]];

/**
 * Those that are loaded when there is an object of them, and their modules: with all that these need, they take half as
 * long as Node.js itself, and most notebooks have no such object.
 */
const LATER: Readonly<Record<string, string>> = {
  VersionMessage: "../../wire/version-message",
  AddrMessage: "../../wire/addr",
  AddrV2Message: "../../wire/addrv2",
};

const byName = new Map<string, Class>([...ERRORS, ...OURS].map((one) => [one.name, one]));
const byPrototype = new Map([...byName].map(([name, { prototype }]) => [prototype, name]));

/** Returns the name of the shared class with this prototype. */
export function nameOfShared(prototype: object): string | undefined {
  if (!byPrototype.has(prototype)) noteLoaded();
  return byPrototype.get(prototype);
}

/** Returns the prototype of the shared class with this name. */
export function sharedPrototype(name: string): object | undefined {
  if (!byName.has(name) && Object.hasOwn(LATER, name)) note(name);
  return byName.get(name)?.prototype;
}

/** Notes the classes of modules that somebody has loaded: of others there can be no object. */
function noteLoaded(): void {
  for (const [name, module] of Object.entries(LATER))
    if (!byName.has(name) && require.cache[path.join(__dirname, `${module}.js`)]) note(name);
}

function note(name: string): void {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const one = (require(LATER[name]) as Record<string, Class | undefined>)[name];
  if (!one) return; // somebody has put another module in its place
  byName.set(name, one);
  byPrototype.set(one.prototype, name);
}
