/** btcd's own client, in Go, calls practice peers and believes what they say. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { type MannerName, servePracticeNetwork, type Truth } from "@course/lib";
import { describe, expect, onTestFinished, test } from "vitest";

/** Enough that some have a protocol version beyond the client's. */
const PEERS = 600;
/** How many are called of those that have not. */
const SOME = 30;
const LIMIT_MS = 60_000;

/** What client/main.go prints of one peer. */
interface Heard {
  address: string;
  error?: string;
  version: number;
  negotiated: number;
  services: number;
  userAgent: string;
  startHeight: number;
  relay: boolean;
  timestamp: number;
  wantsAddrV2: boolean;
  pong: boolean;
}

/** The newest protocol that the client speaks. */
const CLIENT_VERSION = 70016;

/** Has the client call these addresses, one after the other. */
async function clientCalls(addresses: string[]): Promise<Heard[]> {
  const { stdout } = await promisify(execFile)(process.env.INTEROP_CLIENT!, addresses);
  return stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Heard);
}

/** Peers of one manner that are up, in which all there is to know about peers of theirs occurs. */
async function serve(manner: MannerName): Promise<Truth[]> {
  const network = await servePracticeNetwork({ peers: PEERS, latency: 0, manners: [manner] });
  onTestFinished(() => network.close());
  const truth = await network.truth();
  return truth.filter(
    ({ introduction }, i) => i < SOME || (introduction && introduction.version >= CLIENT_VERSION),
  );
}

describe("btcd's client", () => {
  test.each<MannerName>(["polite-modern", "polite-old", "no-relay-byte", "in-pieces"])(
    "shakes hands with peers that are %s, hears of them what is true, and gets pongs for its pings",
    async (manner) => {
      const truth = await serve(manner);
      const before = Math.floor(Date.now() / 1000);
      const heard = await clientCalls(truth.map(({ address }) => address));
      expect(truth.length).toBeGreaterThan(SOME);
      const after = Date.now() / 1000;
      expect(heard.map(({ error }) => error).filter(Boolean)).toEqual([]);
      for (const [i, { timestamp, ...said }] of heard.entries()) {
        const { address, introduction } = truth[i];
        const { version, services, userAgent, startHeight, relay, clockSkewSeconds } = introduction!;
        expect(said).toEqual({
          address,
          version,
          services,
          userAgent,
          startHeight,
          relay: relay ?? true, // BIP 37: who leaves the byte out wants to hear of transactions
          negotiated: Math.min(version, CLIENT_VERSION),
          wantsAddrV2: manner === "polite-modern" && version >= CLIENT_VERSION,
          pong: true,
        });
        expect(timestamp).toBeGreaterThanOrEqual(before + clockSkewSeconds);
        expect(timestamp).toBeLessThanOrEqual(after + clockSkewSeconds);
      }
    },
    LIMIT_MS,
  );

  test.each<MannerName>([
    "pings-first",
    "cut-off",
    "wrong-magic",
    "garbage",
    "bad-checksum",
    "four-gigabytes",
    "endless-user-agent",
    "too-short",
  ])(
    "breaks off with peers of the manner %s, as we do or sooner",
    async (manner) => {
      const truth = await serve(manner);
      const [heard] = await clientCalls([truth[0].address]);
      expect(heard).toMatchObject({ error: expect.stringMatching(/broken off/), pong: false });
    },
    LIMIT_MS,
  );
});
