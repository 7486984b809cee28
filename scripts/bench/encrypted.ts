/**
 * The part `v2`: what the encrypted transport (BIP 324) costs.
 *
 *  - CPU time of a handshake, both sides of it, against the same work by Node's own primitives
 *  - crawls of peers that all speak v2 and answer at once: in v1, in v2, and in v2 by two threads
 */
import { createCipheriv, createDecipheriv, createECDH, hkdfSync } from "node:crypto";
import { KeyPair, KeyPool, KeyRing, Transport } from "@course/lib/transport";
import { formatCount } from "@course/lib/util";
import { OUR_VERSION_MESSAGE } from "@course/lib/wire";
import { type CrawlCandidate, type CrawlRuns, runInTurns, type RunOptions } from "./crawl-runs";
import { type Candidate, measure, median, type RoundOptions } from "./measure";
import { type Report, target } from "./report";
import { allRecorded, AT_ONCE, CONCURRENCY } from "./speed";

const VERSION = OUR_VERSION_MESSAGE.toBytes();

/** Highest CPU time of a handshake, as a multiple of the floor's. */
const MOST_OF_FLOOR = 1.3;

/** Makes a handshake of both sides, without a socket: each reads the other's version message. */
function handshake(callers: () => KeyPair, peers: () => KeyPair): void {
  const caller = new Transport("initiator", { keyPair: callers() });
  const peer = new Transport("responder", { keyPair: peers() });
  for (const side of [caller, peer]) side.send("version", VERSION);
  for (let answered = 0; answered < 2;) {
    for (const [from, to] of [[caller, peer] as const, [peer, caller] as const]) {
      to.add(from.takeOutput());
      if (to.next()?.command === "version") answered++;
    }
  }
}

/** What one direction of a handshake encrypts and decrypts: two lengths, an empty packet, a version message. */
const SEALED_LENGTHS = [1, 1 + 13 + VERSION.length];
const SECRETS = [
  "session_id",
  "initiator_L",
  "initiator_P",
  "responder_L",
  "responder_P",
  "garbage_terminators",
];

/**
 * Does the least of the same handshake that can be done with what Node.js has: makes a new key pair for each side,
 * their secret, the keys from it, and the ciphers. There is no ElligatorSwift, no state, and nothing is checked.
 */
function floorHandshake(): void {
  const [caller, peer] = [createECDH("secp256k1"), createECDH("secp256k1")];
  const publicKeys = [caller, peer].map((side) => {
    side.generateKeys();
    return side.getPublicKey(null, "compressed");
  });
  const secrets = [caller.computeSecret(publicKeys[1]), peer.computeSecret(publicKeys[0])];
  const keys = secrets.map((secret) =>
    SECRETS.map((info) => new Uint8Array(hkdfSync("sha256", secret, "bitcoin_v2_shared_secret", info, 32))),
  );
  for (const [length, packet] of [keys[0].slice(1, 3), keys[0].slice(3, 5)]) encryptBothWays(length, packet);
}

/** Encrypts and decrypts what one side sends. */
function encryptBothWays(lengthKey: Uint8Array, packetKey: Uint8Array): void {
  const lengths = [0, 1].map(() => createCipheriv("chacha20", lengthKey, Buffer.alloc(16)));
  SEALED_LENGTHS.forEach((length, i) => {
    const nonce = Buffer.alloc(12, i);
    lengths.forEach((cipher) => cipher.update(Buffer.alloc(3)));
    const cipher = createCipheriv("chacha20-poly1305", packetKey, nonce, { authTagLength: 16 });
    const sealed = [cipher.update(Buffer.alloc(length)), cipher.final()];
    const decipher = createDecipheriv("chacha20-poly1305", packetKey, nonce, { authTagLength: 16 });
    decipher.setAuthTag(cipher.getAuthTag());
    sealed.forEach((bytes) => decipher.update(bytes));
    decipher.final();
  });
}

function repeated(work: () => void): (times: number) => void {
  return (times) => {
    for (let i = 0; i < times; i++) work();
  };
}

/** Returns what is measured without a socket; the floor is the first. */
export function handshakeCandidates(): Candidate[] {
  const [pool, ring] = [new KeyPool(), new KeyRing()];
  return [
    { name: "floor: Node's own primitives", run: repeated(floorHandshake) },
    {
      name: "as crawl() and practice peers do it",
      run: repeated(() =>
        handshake(
          () => pool.take(),
          () => ring.take(),
        ),
      ),
    },
    {
      name: "with new keys on both sides",
      run: repeated(() => handshake(KeyPair.generate, KeyPair.generate)),
    },
  ];
}

const CANDIDATES: CrawlCandidate[] = [
  { name: "crawl(), v1", client: "crawl", concurrency: CONCURRENCY },
  { name: "crawl(), v2", client: "crawl", concurrency: CONCURRENCY, v2: true },
  { name: "crawlInThreads(), v2, two", client: "crawl", concurrency: CONCURRENCY, v2: true, threads: 2 },
];

/** Measures what v2 costs: a handshake, and a crawl. */
export async function encrypted({
  handshakes,
  ...options
}: Pick<RunOptions, "peers" | "rounds" | "log"> & { handshakes: RoundOptions }): Promise<Report> {
  options.log("handshakes without a socket");
  const results = measure(handshakeCandidates(), handshakes);
  const runs = await runInTurns(CANDIDATES, { ...options, ...AT_ONCE, v2: 1 });
  const [floor, ours] = results;
  return {
    head: ["v2", "handshakes per CPU second", "CPU ms per handshake", "CPU of the floor's", "per second"],
    rows: [
      ...results.map(({ name, perSecond, ratio }) => [
        `both sides: ${name}`,
        formatCount(perSecond),
        (1000 / perSecond).toFixed(2),
        (1 / ratio).toFixed(2),
        "",
      ]),
      ...runs.map((run) => [
        `caller: ${run.name}`,
        formatCount(Math.round(1000 / cpuPerVisit(run))),
        cpuPerVisit(run).toFixed(2),
        // What v2 adds to a visit, of the floor for one side. The sockets' second round trip is in it.
        run.v2 ? ((cpuPerVisit(run) - cpuPerVisit(runs[0])) / (500 / floor.perSecond)).toFixed(2) : "",
        formatCount(Math.round((1000 * run.inTime) / median(run.results.map(({ wallMs }) => wallMs)))),
      ]),
    ],
    targets: [
      ...runs.map(allRecorded),
      target("CPU time of a handshake, both sides, as a multiple of the floor's", 1 / ours.ratio, {
        most: MOST_OF_FLOOR,
      }),
    ],
    figures: { handshakes: results, crawls: runs },
  };
}

/** Returns the CPU time of a visit in milliseconds, in the median round. */
function cpuPerVisit({ results, inTime }: CrawlRuns): number {
  return median(results.map(({ cpuMs }) => cpuMs)) / inTime;
}
