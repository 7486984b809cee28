/**
 * The part `reading`: version messages read per second, as ratios to the least code that can do it and to
 * published implementations.
 */
import { formatCount } from "@course/lib/util";
import { candidates } from "./parse-version";
import { type Report, target } from "./report";
import { measure, type RoundOptions } from "./measure";

/** Lowest speed of the library, as a multiple of the floor's and of the fastest published one's. */
const TARGETS = { floor: 0.9, published: 1.5 };

/** Measures how fast the library reads version messages. */
export async function reading(options: RoundOptions): Promise<Report> {
  const results = measure(await candidates(), options);
  const [, ours, ...published] = results;
  const ofPublished = ours.ratio / Math.max(...published.map(({ ratio }) => ratio));
  return {
    head: ["reads version messages", "per second", "of the floor"],
    rows: results.map(({ name, perSecond, ratio }) => [name, formatCount(perSecond), ratio.toFixed(2)]),
    targets: [
      target("reading speed, as a multiple of the floor's", ours.ratio, { least: TARGETS.floor }),
      target("reading speed, as a multiple of the fastest published one's", ofPublished, {
        least: TARGETS.published,
      }),
    ],
    figures: results,
  };
}
