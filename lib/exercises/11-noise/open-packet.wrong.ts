/** What learners plausibly write instead of `openPacket`. */
import { createDecipheriv } from "node:crypto";
import { concat } from "../../wire/bytes";
import { ProtocolError } from "../../wire/errors";
import { openPacket } from "../../transport/encrypted-packet";
import type { WrongAnswer } from "../../checks/exercise";

const PUBLISHED = "The published packets are opened";
const DECOY = "Bit 7 of the header makes a decoy, and no other bit does";
const CHANGED = "A changed bit is noticed, wherever it is";
const AAD = "What is authenticated with the packet counts";
const SHORT = "Fewer bytes than a tag has are refused like a wrong tag";

export const wrongOpenings: readonly WrongAnswer<typeof openPacket>[] = [
  {
    name: "never calls final, which compares the tag",
    caughtBy: CHANGED,
    answer: (sealed, key, nonce) => withoutTag(sealed, key, nonce),
  },
  {
    name: "takes the tag from the beginning",
    caughtBy: PUBLISHED,
    answer: (sealed, ...rest) => openPacket(concat([sealed.subarray(16), sealed.subarray(0, 16)]), ...rest),
  },
  {
    name: "takes the tag for a part of what is encrypted",
    caughtBy: PUBLISHED,
    answer(sealed, key, nonce) {
      const decipher = createDecipheriv("chacha20-poly1305", key, nonce, { authTagLength: 16 });
      const plaintext = decipher.update(sealed);
      return { contents: plaintext.subarray(1), ignore: plaintext[0] >= 0x80 };
    },
  },
  {
    name: "leaves the header in the contents",
    caughtBy: PUBLISHED,
    answer(sealed, ...rest) {
      const { contents, ignore } = openPacket(sealed, ...rest);
      return { contents: concat([Uint8Array.of(ignore ? 0x80 : 0), contents]), ignore };
    },
  },
  {
    name: "returns the contents alone",
    caughtBy: PUBLISHED,
    answer: (...args) => openPacket(...args).contents as unknown as ReturnType<typeof openPacket>,
  },
  {
    name: "does not look at the header",
    caughtBy: DECOY,
    answer: (...args) => ({ ...openPacket(...args), ignore: false }),
  },
  {
    name: "compares the whole header with 0x80",
    caughtBy: DECOY,
    answer: (...args) => ({ ...openPacket(...args), ignore: headerOf(...args) === 0x80 }),
  },
  {
    name: "takes any header but 0 for a decoy's",
    caughtBy: DECOY,
    answer: (...args) => ({ ...openPacket(...args), ignore: headerOf(...args) !== 0 }),
  },
  {
    name: "counts the bits from the other end",
    caughtBy: DECOY,
    answer: (...args) => ({ ...openPacket(...args), ignore: (headerOf(...args) & 1) === 1 }),
  },
  {
    name: "gives the bit as a number",
    caughtBy: DECOY,
    answer: (...args) => ({
      ...openPacket(...args),
      ignore: (headerOf(...args) & 0x80) as unknown as boolean,
    }),
  },
  {
    name: "passes on the error of Node.js, which has no code",
    caughtBy: CHANGED,
    answer(...args) {
      try {
        return openPacket(...args);
      } catch {
        throw new Error("Unsupported state or unable to authenticate data");
      }
    },
  },
  {
    name: "returns empty contents if the tag is wrong",
    caughtBy: CHANGED,
    answer(...args) {
      try {
        return openPacket(...args);
      } catch {
        return { contents: new Uint8Array(0), ignore: true };
      }
    },
  },
  {
    name: "leaves the garbage out",
    caughtBy: AAD,
    answer: (sealed, key, nonce) => openPacket(sealed, key, nonce),
  },
  {
    name: "has a nonce of its own, which is always the same",
    caughtBy: PUBLISHED,
    answer: (sealed, key, _nonce, aad) => openPacket(sealed, key, new Uint8Array(12), aad),
  },
  {
    name: "refuses an empty packet",
    caughtBy: "An empty packet has empty contents",
    answer(...args) {
      const opened = openPacket(...args);
      if (opened.contents.length === 0) throw new ProtocolError("BAD_TAG", "expected contents, got none");
      return opened;
    },
  },
  {
    name: "has another code for a packet that is too short",
    caughtBy: SHORT,
    answer(sealed, ...rest) {
      if (sealed.length < 17)
        throw new ProtocolError("MALFORMED", `expected at least 17 bytes, got ${sealed.length}`);
      return openPacket(sealed, ...rest);
    },
  },
  {
    name: "decrypts in place",
    caughtBy: "A packet in the middle of other bytes is opened, and not changed",
    answer(sealed, ...rest) {
      const opened = openPacket(sealed, ...rest);
      sealed.set(opened.contents);
      return opened;
    },
  },
  {
    name: "reads from the beginning of the buffer",
    caughtBy: "A packet in the middle of other bytes is opened, and not changed",
    answer: (sealed, ...rest) => openPacket(new Uint8Array(sealed.buffer, 0, sealed.length), ...rest),
  },
];

/** Returns what is in a packet, whoever wrote it. */
function withoutTag(sealed: Uint8Array, key: Uint8Array, nonce: Uint8Array) {
  const decipher = createDecipheriv("chacha20-poly1305", key, nonce, { authTagLength: 16 });
  const plaintext = decipher.update(sealed.subarray(0, -16));
  return { contents: plaintext.subarray(1), ignore: plaintext[0] >= 0x80 };
}

function headerOf(...[sealed, key, nonce]: Parameters<typeof openPacket>): number {
  const decipher = createDecipheriv("chacha20-poly1305", key, nonce, { authTagLength: 16 });
  return decipher.update(sealed.subarray(0, 1))[0];
}
