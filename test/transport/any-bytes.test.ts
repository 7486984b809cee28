/** What must hold for any bytes that a stranger sends. */
import { contentsToMessage, KeyPair, messageToContents, type Role, Transport } from "@course/lib/transport";
import { ProtocolError } from "@course/lib/wire";
import fc from "fast-check";
import { expect, test } from "vitest";

const keyPair = KeyPair.generate();
const bytes = (maxLength: number) => fc.uint8Array({ maxLength });

/** Gives a transport these chunks, and returns what comes of them: messages, or the code of a ProtocolError. */
function readBy(role: Role, chunks: readonly Uint8Array[]): string[] {
  const transport = new Transport(role, { keyPair, garbage: new Uint8Array(0) });
  const found: string[] = [];
  try {
    for (const chunk of chunks) {
      transport.add(chunk);
      for (let message = transport.next(); message; message = transport.next()) found.push(message.command);
      transport.keep();
    }
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    found.push(error.code);
  }
  return found;
}

test.each<Role>(["initiator", "responder"])(
  "a %s takes any bytes for a handshake that goes on, or throws a ProtocolError, however they are cut",
  (role) => {
    const property = fc.property(bytes(4500), fc.nat(4500), (input, cut) => {
      const cuts = [input.subarray(0, cut), input.subarray(cut)];
      expect(readBy(role, cuts)).toEqual(readBy(role, [input]));
    });
    fc.assert(property, { numRuns: 40 });
  },
);

test("contentsToMessage() gives for any bytes a message that is read back as it is written, or a ProtocolError", () => {
  const property = fc.property(bytes(40), (contents) => {
    try {
      const message = contentsToMessage(contents);
      if (message)
        expect(contentsToMessage(messageToContents(message.command, message.payload))).toEqual(message);
    } catch (error) {
      expect(error).toBeInstanceOf(ProtocolError);
    }
  });
  fc.assert(property, { numRuns: 500 });
});
