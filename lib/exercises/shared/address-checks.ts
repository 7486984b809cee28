/** How the checks of lesson nine judge lists of addresses, whose order is the learner's. */
import { expectThat, Mismatch, show } from "../../checks/expect";
import { type AddressTuple, nodeKey } from "../../peer/address";

/** Returns an address in its one spelling. Throws a Mismatch that begins with `what` if it is no address. */
export function spellingOf(what: string, address: unknown): string {
  expectThat(isAddress(address), `${what}: expected addresses like ["1.2.3.4", 8333], got ${show(address)}`);
  return nodeKey(address);
}

/** Returns whether a learner's value has the shape of an address. */
export function isAddress(value: unknown): value is AddressTuple {
  return Array.isArray(value) && typeof value[0] === "string" && typeof value[1] === "number";
}

/** Expects these addresses as text, each once, in any order. */
export function expectSame(what: string, actual: readonly string[], expected: readonly string[]): void {
  const missing = expected.find((one) => !actual.includes(one));
  if (missing !== undefined)
    throw new Mismatch(`${what}: expected ${missing} among them, got ${list(actual)}`);
  const wrong = actual.find((one) => !expected.includes(one));
  if (wrong !== undefined) throw new Mismatch(`${what}: expected ${list(expected)}, got ${wrong}, too`);
  const twice = actual.find((one, i) => actual.indexOf(one) !== i);
  if (twice !== undefined) throw new Mismatch(`${what}: expected each once, got ${twice} twice`);
}

/** How many addresses a message lists. */
const MOST = 5;

function list(texts: readonly string[]): string {
  if (texts.length === 0) return "none";
  const more = texts.length > MOST ? ` and ${texts.length - MOST} more` : "";
  return texts.slice(0, MOST).join(", ") + more;
}
