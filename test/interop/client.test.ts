/** btcd's own client, in Go, calls practice peers and believes what they say. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { type BehaviourName, type GroundTruth, servePracticeNetwork } from "@course/lib/practice";
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
async function serve(behaviour: BehaviourName): Promise<GroundTruth[]> {
  const network = await servePracticeNetwork({ peers: PEERS, latency: 0, behaviours: [behaviour] });
  onTestFinished(() => network.close());
  const truth = await network.truth();
  return truth.filter(
    ({ versionInfo }, i) => i < SOME || (versionInfo && versionInfo.version >= CLIENT_VERSION),
  );
}

describe("btcd's client", () => {
  test.each<BehaviourName>(["polite-modern", "polite-old", "no-relay-byte", "in-pieces"])(
    "shakes hands with peers that are %s, hears of them what is true, and gets pongs for its pings",
    async (behaviour) => {
      const truth = await serve(behaviour);
      const before = Math.floor(Date.now() / 1000);
      const heard = await clientCalls(truth.map(({ address }) => address));
      expect(truth.length).toBeGreaterThan(SOME);
      const after = Date.now() / 1000;
      expect(heard.map(({ error }) => error).filter(Boolean)).toEqual([]);
      for (const [i, { timestamp, ...said }] of heard.entries()) {
        const { address, versionInfo } = truth[i];
        const { version, services, userAgent, startHeight, relay, clockSkewSeconds } = versionInfo!;
        expect(said).toEqual({
          address,
          version,
          services,
          userAgent,
          startHeight,
          relay: relay ?? true, // BIP 37: who leaves the byte out wants to hear of transactions
          negotiated: Math.min(version, CLIENT_VERSION),
          wantsAddrV2: behaviour === "polite-modern" && version >= CLIENT_VERSION,
          pong: true,
        });
        expect(timestamp).toBeGreaterThanOrEqual(before + clockSkewSeconds);
        expect(timestamp).toBeLessThanOrEqual(after + clockSkewSeconds);
      }
    },
    LIMIT_MS,
  );

  test.each<BehaviourName>([
    "pings-first",
    "cut-off",
    "wrong-magic",
    "garbage",
    "bad-checksum",
    "four-gigabytes",
    "endless-user-agent",
    "too-short",
  ])(
    "breaks off with peers of the behaviour %s, as we do or sooner",
    async (behaviour) => {
      const truth = await serve(behaviour);
      const [heard] = await clientCalls([truth[0].address]);
      expect(heard).toMatchObject({ error: expect.stringMatching(/broken off/), pong: false });
    },
    LIMIT_MS,
  );
});
