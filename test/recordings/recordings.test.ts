import { readdirSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { recordedChunks, type Recording, recordingOf, RECORDINGS } from "@course/lib/recordings";
import {
  concat,
  fromHex,
  OUR_VERSION,
  OUR_VERSION_MESSAGE,
  Packet,
  readPackets,
  VersionMessage,
} from "@course/lib/wire";
import { NODE_SOFTWARE, nameOf } from "../../scripts/node-software/releases";
import { root } from "../../scripts/setup/paths";

const FOLDER = path.join(root, "lib", "recordings");

async function packetsOf(chunks: Uint8Array[]): Promise<Packet[]> {
  const packets: Packet[] = [];
  const stream = (async function* () {
    for (const chunk of chunks) yield chunk;
  })();
  for await (const packet of readPackets(stream)) packets.push(packet);
  return packets;
}

async function versionIn(chunks: Uint8Array[]): Promise<VersionMessage> {
  const packet = (await packetsOf(chunks)).find(({ command }) => command === "version");
  return VersionMessage.fromBytes(packet!.payload);
}

test("RECORDINGS has every file of the folder, and every software that can be recorded", () => {
  const files = readdirSync(FOLDER).filter((file) => file.endsWith(".json") && file !== "package.json");
  expect(RECORDINGS.length).toBe(files.length);
  expect(new Set(RECORDINGS.map(nameOf))).toEqual(new Set(NODE_SOFTWARE.map(nameOf)));
});

describe.each(
  RECORDINGS.map((recording): [string, Recording] => [
    `${recording.software} ${recording.version}, to ${recording.protocolVersion}`,
    recording,
  ]),
)("the recording of %s", (name, recording) => {
  test(`the bytes of ${name} are the messages that the recording lists, and nothing more`, async () => {
    const chunks = recordedChunks(recording);
    const packets = await packetsOf(chunks);
    expect(packets.map(({ command, payload }) => ({ command, length: payload.length }))).toEqual(
      recording.messages,
    );
    expect(concat(packets.map((packet) => packet.toBytes()))).toEqual(concat(chunks));
  });

  test(`the version message of ${name} names the software, the version and the day of the recording`, async () => {
    const chunks = recordedChunks(recording);
    const { userAgent, timestamp } = await versionIn(chunks);
    expect(userAgent).toContain(recording.version.replace("-beta", ""));
    expect(userAgent).toContain(recording.software.replace("-p2p", ""));
    expect(new Date(Number(timestamp) * 1000).toISOString().slice(0, 10)).toBe(recording.recordedOn);
  });

  test(`the version message of ${name} is written as the bytes it was read from`, async () => {
    const packet = (await packetsOf(recordedChunks(recording))).find(({ command }) => command === "version");
    expect(VersionMessage.fromBytes(packet!.payload).toBytes()).toEqual(Uint8Array.from(packet!.payload));
  });

  test(`${name} was sent our version and a verack`, async () => {
    const sent = await packetsOf([fromHex(recording.ourBytes)]);
    expect(sent.map(({ command }) => command)).toEqual(["version", "verack"]);
    expect(VersionMessage.fromBytes(sent[0].payload)).toEqual(
      new VersionMessage({ ...OUR_VERSION_MESSAGE, version: recording.protocolVersion }),
    );
  });

  test(`the recording of ${name} has no path of the machine it was made on`, () => {
    expect(recording.how).not.toMatch(/\/(home|root|tmp|work|Users)\b/);
    expect(recording.how).toContain("PORT");
  });
});

describe("recordingOf", () => {
  test("recordingOf() a software returns its newest version, called with OUR_VERSION", () => {
    const recording = recordingOf("btcd");
    expect(recording).toMatchObject({ software: "btcd", version: "0.26.2", protocolVersion: 70015 });
    expect(fromHex(recording.ourBytes).subarray(0, OUR_VERSION.length)).toEqual(OUR_VERSION);
  });

  test("recordingOf() a software and a version returns that version", () => {
    expect(recordingOf("btcd", "0.20.1-beta").version).toBe("0.20.1-beta");
  });

  test.each([
    ["satoshi", undefined],
    ["btcd", "9.9.9"],
  ])(
    "recordingOf() %s %s, which was not recorded, throws an error that lists the recordings",
    (software, version) => {
      expect(() => recordingOf(software, version)).toThrow(/there is no recording .* btcd 0\.26\.2, /);
    },
  );
});

const firstCommands = (recording?: Recording) =>
  recording?.messages.map(({ command }) => command).slice(0, 3);

test("btcd sends sendaddrv2 before verack to a caller of protocol version 70016", () => {
  const recording = RECORDINGS.find(({ protocolVersion }) => protocolVersion === 70016);
  expect(firstCommands(recording)).toEqual(["version", "sendaddrv2", "verack"]);
});

test("bitcore-p2p sends verack before version", () => {
  expect(firstCommands(recordingOf("bitcore-p2p"))).toEqual(["verack", "version"]);
});
