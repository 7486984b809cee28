import { askSeeds, type Resolver, seedAddresses } from "@course/lib/discovery";
import { expect, test } from "vitest";

/** A resolver that knows these names; `nodePort` is 8333 if not given. */
function knowing(names: Record<string, string[]>, nodePort?: number): Resolver {
  const records = async (name: string, isWanted: (host: string) => boolean) => {
    const hosts = (names[name] ?? []).filter(isWanted);
    if (hosts.length === 0) throw Object.assign(new Error(`query ENOTFOUND ${name}`), { code: "ENOTFOUND" });
    return hosts;
  };
  return {
    nodePort,
    resolve4: (name) => records(name, (host) => !host.includes(":")),
    resolve6: (name) => records(name, (host) => host.includes(":")),
  };
}

test("seedAddresses() returns the A and AAAA records of all names, with the port of the main network", async () => {
  const resolver = knowing({ "a.example": ["1.2.3.4", "2a01:4f8::1"], "b.example": ["5.6.7.8"] });
  expect(await seedAddresses(["a.example", "b.example"], resolver)).toEqual([
    ["1.2.3.4", 8333],
    ["2a01:4f8::1", 8333],
    ["5.6.7.8", 8333],
  ]);
});

test("seedAddresses() returns an address once that several seeds know, however they spell it", async () => {
  const resolver = knowing({ "a.example": ["1.2.3.4"], "b.example": ["1.2.3.4", "::ffff:1.2.3.4"] });
  expect(await seedAddresses(["a.example", "b.example"], resolver)).toEqual([["1.2.3.4", 8333]]);
});

test("a seed with one kind of records is no failure", async () => {
  const [answer] = await askSeeds(["a.example"], knowing({ "a.example": ["1.2.3.4"] }));
  expect(answer).toEqual({ name: "a.example", addresses: [["1.2.3.4", 8333]], refused: 0 });
});

test("a name that does not exist costs only itself", async () => {
  const resolver = knowing({ "a.example": ["1.2.3.4"] });
  expect(await seedAddresses(["gone.example", "a.example"], resolver)).toEqual([["1.2.3.4", 8333]]);
  const [gone] = await askSeeds(["gone.example"], resolver);
  expect(gone.error).toMatchObject({ code: "ENOTFOUND" });
});

test("a resolver that throws at once costs only the name it was asked for", async () => {
  const resolver = knowing({ "a.example": ["1.2.3.4"] });
  const throwing: Resolver = {
    resolve4: (name) => {
      if (name === "bad.example") throw new TypeError("expected a name");
      return resolver.resolve4(name);
    },
    resolve6: resolver.resolve6,
  };
  expect(await seedAddresses(["bad.example", "a.example"], throwing)).toEqual([["1.2.3.4", 8333]]);
});

test("addresses that no node may have are left out, and counted", async () => {
  const poisoned = ["0.0.0.0", "10.0.0.1", "192.168.1.1", "169.254.169.254", "224.0.0.1", "::", "fe80::1"];
  const resolver = knowing({ "bad.example": poisoned, "a.example": ["1.2.3.4"] });
  expect(await seedAddresses(["bad.example", "a.example"], resolver)).toEqual([["1.2.3.4", 8333]]);
  expect((await askSeeds(["bad.example"], resolver))[0].refused).toBe(poisoned.length);
});

test("a resolver of one's own may know loopback, and the port of its network", async () => {
  expect(await seedAddresses(["a.example"], knowing({ "a.example": ["127.33.1.2"] }, 18_333))).toEqual([
    ["127.33.1.2", 18_333],
  ]);
});

test("a seed that sends thousands of addresses has at most 256 of each kind taken", async () => {
  const many = Array.from({ length: 4000 }, (_, i) => `1.2.${i >> 8}.${i & 255}`);
  expect(await seedAddresses(["a.example"], knowing({ "a.example": many }))).toHaveLength(256);
});

test("seedAddresses() of no names is no addresses", async () => {
  expect(await seedAddresses([], knowing({}))).toEqual([]);
});
