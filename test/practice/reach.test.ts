/** How nodes behind Tor and on I2P are reached, held against figures of the real networks. */
import { expect, test } from "vitest";
import { countBy } from "../../lib/data/statistics";
import { drawReach } from "../../lib/practice/population/reach";
import { Random } from "../../lib/util/random";

test("nodes behind Tor take 4 to 29 seconds, half of them more than 14, and as many answer as in 2026", () => {
  const random = new Random(1, "reach");
  const draws = (network: "tor" | "i2p") => Array.from({ length: 4000 }, () => drawReach(random, network));
  const tor = draws("tor");
  const seconds = tor.map(({ connectMs }) => connectMs / 1000).sort((a, b) => a - b);
  expect(seconds[0]).toBeGreaterThanOrEqual(4);
  expect(seconds[seconds.length - 1]).toBeLessThanOrEqual(29.1);
  expect(seconds[seconds.length / 2]).toBeCloseTo(14.6, 0);
  // WalletWasabi issue 15036: 52 of 67 need more than ten seconds.
  expect(seconds.filter((s) => s > 10).length / seconds.length).toBeCloseTo(52 / 67, 1);
  const share = (reaches: typeof tor) => reaches.filter(({ reply }) => reply === 0).length / reaches.length;
  expect(share(tor)).toBeCloseTo(9076 / 12_370, 1);
  expect(share(draws("i2p"))).toBeCloseTo(4209 / 4375, 1);
  const [commonest] = countBy(
    tor.filter(({ reply }) => reply !== 0),
    ({ reply }) => String(reply),
  ).keys();
  expect(commonest).toBe(String(0xf0));
});
