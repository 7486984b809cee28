/** A crawl of four visits and a snapshot of three nodes, with fixed values. */
import type { Snapshot } from "@course/lib/bitnodes";
import { PeerError, type Visit } from "@course/lib/peer";
import { ProtocolError, VersionMessage } from "@course/lib/wire";
import { now } from "@course/lib/util";

const NO_ADDRESS = { services: 0n, host: "::", port: 0 };

export function versionMessage(fields: Partial<VersionMessage> = {}): VersionMessage {
  return new VersionMessage({
    version: 70016,
    services: 1033n,
    timestamp: 1_700_000_000n,
    receiver: NO_ADDRESS,
    sender: NO_ADDRESS,
    nonce: 7n,
    userAgent: "/Satoshi:27.1.0/",
    startHeight: 820_000,
    relay: true,
    ...fields,
  });
}

/**
 * Two peers that answered, one that timed out, one with wrong magic bytes.
 *
 * The visits began a second ago, 10 ms apart.
 */
export function madeUpVisits(): Visit[] {
  const start = now() - 1000;
  return [
    {
      address: ["127.0.0.1", 8333],
      worker: "thread 1",
      transport: "v2",
      startedAt: start + 10,
      connectedAt: start + 12,
      sentAt: start + 12.5,
      firstByteAt: start + 40,
      endedAt: start + 40.25,
      versionMessage: versionMessage(),
    },
    {
      address: ["2001:db8::1", 18_333],
      startedAt: start,
      connectedAt: start + 5,
      sentAt: start + 5,
      firstByteAt: start + 80,
      endedAt: start + 80,
      versionMessage: versionMessage({
        version: 31_800,
        services: 2n ** 64n - 1n,
        userAgent: "/old/",
        startHeight: -1,
        relay: undefined,
      }),
    },
    {
      address: ["127.0.0.3", 8333],
      startedAt: start + 20,
      endedAt: start + 1020,
      error: new PeerError("CONNECT_TIMEOUT", "no connection to 127.0.0.3:8333 within 1 second"),
    },
    {
      address: ["expyuzz4wqqyqhjn.onion", 8333],
      startedAt: start + 30,
      connectedAt: start + 31,
      sentAt: start + 31,
      endedAt: start + 50,
      error: new ProtocolError("BAD_MAGIC", "expected f9beb4d9, got 0b110907"),
    },
  ];
}

/** A visit to a peer with this user agent. */
export function visitWith(userAgent: string): Visit {
  const [visit] = madeUpVisits();
  return { ...visit, versionMessage: versionMessage({ userAgent }) };
}

/** A node with 13 fields, one with 13 of which most are null, and one with 5. */
export const SNAPSHOT: Snapshot = {
  timestamp: 1_700_000_600,
  total_nodes: 3,
  latest_height: 820_001,
  nodes: {
    "127.0.0.1:8333": [
      70016,
      "/Satoshi:27.1.0/",
      1_700_000_000,
      1033,
      820_000,
      "one.example",
      "Bonn",
      "DE",
      50.73,
      7.1,
      "Europe/Berlin",
      "AS24940",
      "Hetzner",
    ],
    "2001:db8::1:18333": [
      70015,
      "/old/",
      1_600_000_000,
      0,
      1,
      null,
      null,
      null,
      null,
      null,
      null,
      "TOR",
      null,
    ],
    "127.0.0.4:8333": [70016, "/new/", 1_700_000_030, 2 ** 63, 820_001],
  },
};
