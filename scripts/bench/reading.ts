/** How fast version messages are read, as ratios to the least code that can do it and to what is published. */
import { candidates } from "./parse-version";
import { type Report, target } from "./report";
import { measure, type RoundOptions } from "./measure";

/** The least that the library may be, of the floor's speed and of that of the fastest published one. */
const TARGETS = { floor: 0.9, published: 1.5 };

export async function reading(options: RoundOptions): Promise<Report> {
  const results = measure(await candidates(), options);
  const [, ours, ...published] = results;
  const ofPublished = ours.ratio / Math.max(...published.map(({ ratio }) => ratio));
  return {
    head: ["reads version messages", "a second", "of the floor"],
    rows: results.map(({ name, perSecond, ratio }) => [
      name,
      perSecond.toLocaleString("en-US"),
      ratio.toFixed(2),
    ]),
    targets: [
      target("reading, of the floor's speed", ours.ratio, { least: TARGETS.floor }),
      target("reading, of the fastest published one's speed", ofPublished, { least: TARGETS.published }),
    ],
    figures: results,
  };
}
