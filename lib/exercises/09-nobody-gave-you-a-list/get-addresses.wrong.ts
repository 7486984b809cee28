/** What learners plausibly write instead of `getAddresses`. */
import type net from "node:net";
import type { WrongAnswer } from "../../checks/exercise";
import { addressString, type AddressTuple } from "../../peer/address";
import { withTimeout } from "../../peer/connect";
import { getAddresses } from "../../peer/get-addresses";
import { AddrMessage, type KnownAddress } from "../../wire/addr";
import { concat } from "../../wire/bytes";
import { serializePacket } from "../../wire/packet";
import { readPackets } from "../../wire/packet-reader";
import { OUR_VERSION } from "../../wire/version-message";
import { connected } from "../shared/wrong-calls";

type Answer = (address: AddressTuple) => Promise<KnownAddress[]>;

/** The names of the checks. */
type Names = Record<
  | "HANDSHAKE"
  | "FIELDS"
  | "PARTS"
  | "SLOWLY"
  | "AFTER"
  | "OWN"
  | "FEW"
  | "LITTLE"
  | "EMPTY"
  | "SILENT"
  | "ONLY_OWN"
  | "HANGS_UP"
  | "INVALID"
  | "CLOSED",
  string
>;

/** In what a call differs from one that is nearly right. */
interface Flaws {
  /** What is sent when connected. */
  opening?: Uint8Array;
  /** What is sent when the peer's version has come. */
  question?: Uint8Array;
  /** How many addresses a message has to hold to be the answer. Default: 11. */
  enough?: number;
  /** Whether the first message that is enough is the whole answer. */
  takesFirst?: boolean;
  /** For how long another part is waited for, in milliseconds; 0 for as long as there is time. Default: 100. */
  quietMs?: number;
  /** Whether that time begins with the first part, whatever follows. */
  isQuietOnce?: boolean;
  /** Whether a message with one address is dropped, whosever it is. */
  dropsSingle?: boolean;
  /** Whether the peer's own address is taken for an answer. */
  takesOwn?: boolean;
  /** Whether a peer that has said little is an error when its time is over. */
  dropsLittle?: boolean;
  /** What is returned instead of an error. */
  otherwise?: KnownAddress[];
  timeoutMs?: number;
  /** Whether a message that cannot be read is skipped. */
  forgives?: boolean;
  leavesOpen?: boolean;
}

const VERACK_GETADDR = concat([serializePacket("verack"), serializePacket("getaddr")]);
/** Longer than any check. */
const FOR_EVER_MS = 60_000;
const QUIET_MS = 100;

/** Returns wrong answers, each with the check that catches it. */
export function wrongAskers(names: Names): readonly WrongAnswer<Answer>[] {
  return [
    {
      name: "asks before the peer has introduced itself",
      caughtBy: names.HANDSHAKE,
      answer: flawed({ opening: concat([OUR_VERSION, VERACK_GETADDR]), question: new Uint8Array(0) }),
    },
    {
      name: "forgets the verack",
      caughtBy: names.HANDSHAKE,
      answer: flawed({ question: serializePacket("getaddr") }),
    },
    {
      name: "returns addresses without their times",
      caughtBy: names.FIELDS,
      answer: async (address) =>
        (await getAddresses(address)).map(({ host, port }) => ({ host, port })) as KnownAddress[],
    },
    {
      name: "takes the first message for all of it",
      caughtBy: names.PARTS,
      answer: flawed({ takesFirst: true }),
    },
    {
      name: "waits for another part for a tenth of a millisecond",
      caughtBy: names.SLOWLY,
      answer: flawed({ quietMs: 0.1 }),
      message: /when the answer comes in 4 messages, 40 ms apart/,
    },
    {
      name: "gives all parts together a tenth of a second",
      caughtBy: names.SLOWLY,
      answer: flawed({ isQuietOnce: true }),
    },
    {
      name: "waits until the time is over, whatever has come",
      caughtBy: names.AFTER,
      answer: flawed({ quietMs: 0 }),
      message: /when the peer names 20 addresses, and nothing follows: .* Is there a timer that hangs up/,
    },
    {
      name: "takes any single address for the peer's own",
      caughtBy: names.LITTLE,
      answer: flawed({ dropsSingle: true }),
    },
    {
      name: "takes the peer's own address for its answer",
      caughtBy: names.OWN,
      answer: flawed({ enough: 1, takesFirst: true, takesOwn: true }),
    },
    {
      name: "takes any message for the answer that names somebody else",
      caughtBy: names.FEW,
      answer: flawed({ enough: 1, takesFirst: true }),
    },
    {
      name: "drops what a peer has said when its time is over",
      caughtBy: names.LITTLE,
      answer: flawed({ dropsLittle: true }),
    },
    {
      name: "treats a peer that knows nobody as one that is silent",
      caughtBy: names.EMPTY,
      async answer(address) {
        const known = await getAddresses(address);
        if (known.length === 0) throw new Error("no answer");
        return known;
      },
    },
    {
      name: "returns an empty list for a silent peer",
      caughtBy: names.SILENT,
      answer: flawed({ otherwise: [] }),
    },
    {
      name: "waits for a silent peer without end",
      caughtBy: names.SILENT,
      answer: flawed({ timeoutMs: FOR_EVER_MS }),
    },
    {
      name: "counts a peer's own address as knowing somebody",
      caughtBy: names.ONLY_OWN,
      answer: flawed({ takesOwn: true }),
    },
    {
      name: "returns an empty list when the peer hangs up",
      caughtBy: names.HANGS_UP,
      answer: (address) =>
        getAddresses(address).catch((error: { code?: string }) => {
          if (error.code === "CLOSED") return [];
          throw error;
        }),
    },
    {
      name: "skips a message that cannot be read",
      caughtBy: names.INVALID,
      answer: flawed({ forgives: true }),
    },
    { name: "leaves the socket open", caughtBy: names.CLOSED, answer: flawed({ leavesOpen: true }) },
  ];
}

/** Returns a call with these flaws, and otherwise right. */
function flawed(flaws: Flaws): Answer {
  return async (address) => {
    const socket = await connected(address);
    const known: KnownAddress[] = [];
    const state = { isEmpty: false };
    try {
      socket.write(flaws.opening ?? OUR_VERSION);
      await withTimeout(
        flaws.timeoutMs ?? 1500,
        "ANSWER_TIMEOUT",
        read(socket, address, known, flaws, state),
      );
      if (known.length === 0 && !state.isEmpty) throw new Error("the peer hung up");
    } catch (error) {
      const isProtocol = (error as Error).name === "ProtocolError";
      const hasAnswered = (known.length > 0 && !flaws.dropsLittle) || state.isEmpty;
      if (isProtocol || !hasAnswered) {
        if (flaws.otherwise && !isProtocol) return flaws.otherwise;
        throw error;
      }
    } finally {
      if (!flaws.leavesOpen) socket.destroy();
    }
    return known;
  };
}

async function read(
  socket: net.Socket,
  own: AddressTuple,
  known: KnownAddress[],
  flaws: Flaws,
  state: { isEmpty: boolean },
): Promise<void> {
  const { question = VERACK_GETADDR, enough = 11, quietMs = QUIET_MS } = flaws;
  const { takesFirst, takesOwn, forgives, leavesOpen } = flaws;
  const chunks = leavesOpen ? socket.iterator({ destroyOnReturn: false }) : socket;
  let quiet: NodeJS.Timeout | undefined;
  let end: () => void = () => {};
  const isQuiet = new Promise<void>((resolve) => (end = resolve));
  const loop = async (): Promise<void> => {
    for await (const { command, payload } of readPackets(chunks)) {
      if (command === "version") socket.write(question);
      if (command !== "addr") continue;
      const addresses = addressesIn(payload, forgives);
      const isOwn =
        addresses.length === 1 &&
        (flaws.dropsSingle || addressString([addresses[0].host, addresses[0].port]) === addressString(own));
      state.isEmpty ||= addresses.length === 0 && !forgives;
      if (isOwn && !takesOwn) continue;
      known.push(...addresses);
      if (addresses.length < enough) continue;
      if (takesFirst) return;
      if (quietMs === 0 || (quiet && flaws.isQuietOnce)) continue;
      clearTimeout(quiet);
      quiet = setTimeout(end, quietMs);
    }
  };
  await Promise.race([loop(), isQuiet]);
  clearTimeout(quiet);
}

function addressesIn(payload: Uint8Array, forgives = false): readonly KnownAddress[] {
  try {
    return AddrMessage.fromBytes(payload).addresses;
  } catch (error) {
    if (forgives) return [];
    throw error;
  }
}
