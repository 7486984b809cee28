import { expect, test } from "vitest";
import { concat, PacketReader, serializePacket } from "@course/lib/wire";

const ping = serializePacket("ping", Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8));
const verack = serializePacket("verack", new Uint8Array(0));

/** The packets that a reader gives now. */
function packets(reader: PacketReader): string[] {
  const list: string[] = [];
  for (let packet = reader.next(); packet; packet = reader.next()) list.push(packet.command);
  return list;
}

test("a reader gives each packet when its last byte is here", () => {
  const reader = new PacketReader();
  reader.add(ping.subarray(0, 10));
  expect(packets(reader)).toEqual([]);
  reader.add(concat([ping.subarray(10), verack, verack.subarray(0, 23)]));
  expect(packets(reader)).toEqual(["ping", "verack"]);
  expect(reader.missing).toBe(1);
  reader.add(verack.subarray(23));
  expect(packets(reader)).toEqual(["verack"]);
  expect(reader.missing).toBe(24);
});

test("a chunk may be written to once what is left of it was kept, wherever it was cut", () => {
  for (let cut = 1; cut < ping.length; cut++) {
    const reader = new PacketReader();
    const buffer = new Uint8Array(ping.length);
    buffer.set(ping.subarray(0, cut));
    reader.add(buffer.subarray(0, cut));
    expect(packets(reader)).toEqual([]);
    reader.keep();
    buffer.fill(0xee);
    buffer.set(ping.subarray(cut));
    reader.add(buffer.subarray(0, ping.length - cut));
    expect(packets(reader), `cut at ${cut}`).toEqual(["ping"]);
  }
});
