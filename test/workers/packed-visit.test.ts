import { deserialize, serialize } from "node:v8";
import { expect, test } from "vitest";
import { PeerError, type Visit } from "@course/lib/peer";
import { fromHex, OUR_VERSION_MESSAGE, ProtocolError, VersionMessage } from "@course/lib/wire";
import { packVisit, unpackVisit } from "@course/lib/workers";

const TIMES = { address: ["2001:db8::7", 8333] as [string, number], startedAt: 1.5, endedAt: 9 };

/** Packs a visit, copies it as between processes, and unpacks it. */
function sent(visit: Visit, worker?: string): Visit {
  return unpackVisit(deserialize(serialize(packVisit(visit))), worker);
}

test("a packed version message arrives as a VersionMessage, with the bytes it was read from", () => {
  const odd = Buffer.concat([OUR_VERSION_MESSAGE.toBytes(), fromHex("c0ffee")]);
  const visit = {
    ...TIMES,
    connectedAt: 2,
    sentAt: 3,
    firstByteAt: 4,
    versionMessage: VersionMessage.fromBytes(odd),
  };
  const arrived = sent(visit, "thread 1");
  expect(arrived).toEqual({ ...visit, worker: "thread 1" });
  expect(arrived.versionMessage).toBeInstanceOf(VersionMessage);
  expect(Buffer.from(arrived.versionMessage!.toBytes()).equals(odd)).toBe(true);
});

test.each([
  new PeerError("REFUSED", "no peer listens"),
  new ProtocolError("BAD_MAGIC", "magic: expected this, got that"),
])("a packed $name $code arrives with its class, code and message", (error) => {
  const arrived = sent({ ...TIMES, error });
  expect(arrived).toEqual({ ...TIMES, error });
  expect(arrived.error).toBeInstanceOf(error.constructor);
  expect(arrived.error).toMatchObject({ code: error.code, message: error.message });
});

test("a packed error of another class arrives with its name and message", () => {
  const error = new TypeError("x is not a function") as unknown as PeerError;
  expect(sent({ ...TIMES, error }).error).toMatchObject({
    name: "TypeError",
    message: "x is not a function",
  });
});
