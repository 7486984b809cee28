/** Runs btcd's own client, in Go, against practice peers. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { type BehaviourName, type GroundTruth, servePracticeNetwork } from "@course/lib/practice";
import { describe, expect, onTestFinished, test } from "vitest";

/** Enough peers that some have a protocol version above the client's. */
const PEERS = 600;
/** How many of the other peers are called. */
const OTHERS = 30;

/** What client/main.go prints about one peer. */
interface ClientReport {
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

/** The client's protocol version. */
const CLIENT_VERSION = 70016;

/** Lets the client call these addresses, one after the other. */
async function callWithClient(addresses: string[]): Promise<ClientReport[]> {
  const { stdout } = await promisify(execFile)(process.env.INTEROP_CLIENT!, addresses);
  return stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as ClientReport);
}

/**
 * Starts peers of one behaviour.
 *
 * Resolves to some of them, and to all with the client's protocol version or a newer one.
 */
async function serve(behaviour: BehaviourName): Promise<GroundTruth[]> {
  const network = await servePracticeNetwork({ peers: PEERS, latency: 0, behaviours: [behaviour] });
  onTestFinished(() => network.close());
  const truth = await network.truth();
  return truth.filter(
    ({ versionInfo }, i) => i < OTHERS || (versionInfo && versionInfo.version >= CLIENT_VERSION),
  );
}

describe("btcd's client", () => {
  test.each<BehaviourName>(["polite-modern", "polite-old", "no-relay-byte", "in-pieces"])(
    "btcd's client completes the handshake with peers that are %s, reads their fields as we do, and gets a pong",
    async (behaviour) => {
      const truth = await serve(behaviour);
      const before = Math.floor(Date.now() / 1000);
      const reports = await callWithClient(truth.map(({ address }) => address));
      expect(truth.length).toBeGreaterThan(OTHERS);
      const after = Date.now() / 1000;
      expect(reports.map(({ error }) => error).filter(Boolean)).toEqual([]);
      for (const [i, { timestamp, ...report }] of reports.entries()) {
        const { address, versionInfo } = truth[i];
        const { version, services, userAgent, startHeight, relay, clockSkewSeconds } = versionInfo!;
        expect(report).toEqual({
          address,
          version,
          services,
          userAgent,
          startHeight,
          relay: relay ?? true, // BIP 37: a peer that leaves the byte out wants transactions announced
          negotiated: Math.min(version, CLIENT_VERSION),
          wantsAddrV2: behaviour === "polite-modern" && version >= CLIENT_VERSION,
          pong: true,
        });
        expect(timestamp).toBeGreaterThanOrEqual(before + clockSkewSeconds);
        expect(timestamp).toBeLessThanOrEqual(after + clockSkewSeconds);
      }
    },
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
  ])("btcd's client ends the handshake with peers of the behaviour %s, as ours does", async (behaviour) => {
    const truth = await serve(behaviour);
    const [report] = await callWithClient([truth[0].address]);
    expect(report).toMatchObject({ error: expect.stringMatching(/broken off/), pong: false });
  });
});
