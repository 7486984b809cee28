import fs from "node:fs";
import path from "node:path";
import { parseAddress } from "@course/lib/peer";
import { i2pHost, torV3Host } from "@course/lib/wire";
import { expect, onTestFinished, test } from "vitest";
import { readExclusion } from "../../../scripts/crawl/exclude";
import { remove, temporaryFolder } from "../../helpers/course";

async function excluding(text: string): Promise<(address: string) => boolean> {
  const folder = await temporaryFolder();
  onTestFinished(() => remove(folder));
  const file = path.join(folder, "exclude.txt");
  fs.writeFileSync(file, text);
  const isExcluded = readExclusion(file);
  return (address) => isExcluded(parseAddress(address));
}

const ONION = torV3Host(new Uint8Array(32).fill(1));
const OTHER_ONION = torV3Host(new Uint8Array(32).fill(2));
const I2P = i2pHost(new Uint8Array(32).fill(3));
const LINES = `
# operators who have asked
1.2.3.4            # all ports
5.6.7.8:8333
9.9.9.0/24
2001:db8::/32
[2a01:4f8::1]:8333
${ONION.toUpperCase()}  # all ports
${OTHER_ONION}:8333
${I2P}
`;

test.each([
  ["1.2.3.4:8333", true],
  ["1.2.3.4:1", true],
  ["[::ffff:1.2.3.4]:8333", true],
  ["1.2.3.5:8333", false],
  ["5.6.7.8:8333", true],
  ["5.6.7.8:8334", false],
  ["9.9.9.255:8333", true],
  ["9.9.10.0:8333", false],
  ["[2001:db8:ffff::1]:8333", true],
  ["[2001:db9::1]:8333", false],
  ["[2A01:4F8:0::1]:8333", true],
  ["[2a01:4f8::1]:8334", false],
  ["abc.onion:8333", false],
  [`${ONION}:8333`, true],
  [`${ONION.toUpperCase()}:1`, true],
  [`${OTHER_ONION}:8333`, true],
  [`${OTHER_ONION}:8334`, false],
  [`${I2P}:0`, true],
])("whether --exclude excludes %s: %s", async (address, expected) => {
  expect((await excluding(LINES))(address)).toBe(expected);
});

test.each(["\r\n", "\r"])("lines of --exclude may end with %o", async (end) => {
  const isExcluded = await excluding(["1.2.3.4", "9.9.9.0/24", ""].join(end));
  expect(["1.2.3.4:1", "9.9.9.9:1", "9.9.8.9:1"].map(isExcluded)).toEqual([true, true, false]);
});

test.each([
  "1.2.3",
  "example.org",
  "1.2.3.0/24/8",
  "1.2.3.4\u2028/24",
  "1.2.3.0/33",
  "::/129",
  "1.2.3.4:0",
  "1.2.3.4:http",
  "1.2.3.4/",
  "abc.onion",
  "abc.onion:8333",
  `${ONION.slice(1)}`,
  `${OTHER_ONION}:0`,
  "abc.b32.i2p:0",
])("a line of --exclude that is no address ends the crawl before it begins: %s", async (line) => {
  await expect(excluding(`1.2.3.4\n${line}\n`)).rejects.toThrow(
    /exclude\.txt, line 2: expected an address, a name or a range/,
  );
});

test("a file of --exclude that is not there is a wrong call", () => {
  expect(() => readExclusion("/nowhere/exclude.txt")).toThrow(
    "--exclude: /nowhere/exclude.txt cannot be read",
  );
});
