import { expect, test } from "vitest";
import { concat, PacketReader, serializePacket } from "@course/lib/wire";

const ping = serializePacket("ping", Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8));
const verack = serializePacket("verack");

/** Takes all packets that are complete, and returns their commands. */
function takeCommands(reader: PacketReader): string[] {
  const commands: string[] = [];
  for (let packet = reader.next(); packet; packet = reader.next()) commands.push(packet.command);
  return commands;
}

test("a PacketReader returns each packet once its last byte is added", () => {
  const reader = new PacketReader();
  reader.add(ping.subarray(0, 10));
  expect(takeCommands(reader)).toEqual([]);
  reader.add(concat([ping.subarray(10), verack, verack.subarray(0, 23)]));
  expect(takeCommands(reader)).toEqual(["ping", "verack"]);
  expect(reader.missing).toBe(1);
  reader.add(verack.subarray(23));
  expect(takeCommands(reader)).toEqual(["verack"]);
  expect(reader.missing).toBe(24);
});

test("a chunk may be written to after PacketReader.keep(), wherever the packet was cut", () => {
  for (let cut = 1; cut < ping.length; cut++) {
    const reader = new PacketReader();
    const buffer = new Uint8Array(ping.length);
    buffer.set(ping.subarray(0, cut));
    reader.add(buffer.subarray(0, cut));
    expect(takeCommands(reader)).toEqual([]);
    reader.keep();
    buffer.fill(0xee);
    buffer.set(ping.subarray(cut));
    reader.add(buffer.subarray(0, ping.length - cut));
    expect(takeCommands(reader), `cut at ${cut}`).toEqual(["ping"]);
  }
});
