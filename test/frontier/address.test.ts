/** Addresses of Redis servers. */
import { FrontierError, parseServerAddress } from "@course/lib/frontier";
import { expect, test } from "vitest";

test.each([
  ["redis://host", { host: "host", port: 6379, db: 0 }, "redis://host:6379"],
  [
    "redis://me:p%40ss@[::1]:7000/2",
    { host: "::1", port: 7000, db: 2, username: "me", password: "p@ss" },
    "redis://[::1]:7000/2",
  ],
  ["rediss://host:1", { host: "host", port: 1, db: 0, tls: {} }, "rediss://host:1"],
  ["unix:///run/a%20b", { path: "/run/a b" }, "unix:///run/a b"],
])("the address %s of a server is read", (text, options, shown) => {
  expect(parseServerAddress(text)).toMatchObject({ options, shown });
});

test.each(["host", "http://host", "redis://", "redis://host/two", "redis://me:50%@host", "unix:///%ff"])(
  "%s is no address of a server, and the sentence on it does not repeat it",
  (text) => {
    const parse = () => parseServerAddress(text);
    expect(parse).toThrow(FrontierError);
    expect(parse).toThrow(/^expected the address of a Redis server, like redis:\/\/HOST:6379/);
  },
);
