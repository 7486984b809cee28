import { expect, test } from "vitest";
import { OUR_VERSION, OUR_VERSION_MESSAGE, Packet, toHex, VersionMessage } from "@course/lib";

const HEADER = "f9beb4d976657273696f6e00000000006a0000009b228b9e";
const PAYLOAD =
  "7f1101000f040000000000009341555b000000000f040000000000000000000000000000000000000000000000000f04" +
  "0000000000000000000000000000000000000000000000007256c5439b3aea89142f736f6d652d636f6f6c2d736f6674" +
  "776172652f0100000001";

test("our introduction is the 130 bytes that the course promises", () => {
  expect(toHex(OUR_VERSION)).toBe(HEADER + PAYLOAD);
});

test("our introduction reads back as what it was built from", () => {
  expect(VersionMessage.fromBytes(Packet.fromBytes(OUR_VERSION).payload)).toEqual(OUR_VERSION_MESSAGE);
});
