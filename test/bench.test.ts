import { describe, expect, test } from "vitest";
import { Packet, VersionMessage } from "@course/lib";
import { readBareVersion } from "../scripts/bench/bare-reader";
import { versionPackets } from "../scripts/bench/parse-version";
import { measure, median } from "../scripts/bench/rounds";

describe("the floor", () => {
  test("reads of every measured message what the library reads", () => {
    for (const packet of versionPackets()) {
      const message = VersionMessage.fromBytes(Packet.fromBytes(packet).payload);
      const { receiver, sender, ...bare } = readBareVersion(packet);
      expect(message).toMatchObject(bare);
      expect([message.receiver.port, message.sender.services]).toEqual([receiver.port, sender.services]);
    }
  });

  test.each([0, 5, 20, 24])("refuses a message with another byte %d", (offset) => {
    const [packet] = versionPackets();
    packet[offset] ^= 1;
    expect(() => readBareVersion(packet)).toThrow();
  });
});

describe("measuring", () => {
  test("takes the contestants in turns, backwards every other round", () => {
    const calls: string[] = [];
    const contestant = (name: string) => ({ name, run: () => void calls.push(name) });
    const results = measure([contestant("a"), contestant("b")], { rounds: 5, roundMs: 1 });
    expect(calls.slice(-10).join("")).toBe("abbaabbaab");
    expect(results.map(({ name }) => name)).toEqual(["a", "b"]);
    expect(results[0].ratio).toBe(1);
  });

  test.each([
    [[3, 1, 2], 2],
    [[4, 1, 3, 2], 2],
    [[7], 7],
  ])("the median of %j is %d", (values, middle) => {
    expect(median(values)).toBe(middle);
  });
});
