/**
 * When addresses were last seen, as gossip says.
 *
 * Nodes that are there were mostly seen of late, others mostly long ago. All together are as old as the population's
 * model says.
 */
import { quantileAt, Random } from "../../util/random";
import type { GossipModel } from "./gossip-model";
import { spread } from "./spread";

/**
 * Returns how many seconds ago each of `all` addresses was last seen. Those of `nodes` are spread evenly among those
 * that are nobody's.
 */
export function drawAges(
  random: Random,
  nodes: number,
  all: number,
  { ages, oldestQuantile }: Pick<GossipModel, "ages" | "oldestQuantile">,
): Uint32Array {
  return Uint32Array.from({ length: all }, (_, i) => {
    const [isNode] = spread(nodes, i, all);
    const share = shareOfYounger(isNode, random.next(), nodes / all);
    return Math.round(quantileAt(ages, share * oldestQuantile));
  });
}

/**
 * Returns the share of all addresses that are younger than one, for a uniform random number.
 *
 * Of nodes the density is `2 (1 - x)`. That of others is what is left to 1 for all together.
 */
function shareOfYounger(isNode: boolean, uniform: number, nodes: number): number {
  if (nodes > 0.5) return uniform;
  if (isNode) return 1 - Math.sqrt(1 - uniform);
  if (nodes === 0) return uniform;
  // Solves ((1 - 2 nodes) x + nodes x^2) / (1 - nodes) = uniform.
  const b = 1 - 2 * nodes;
  return (Math.sqrt(b * b + 4 * nodes * (1 - nodes) * uniform) - b) / (2 * nodes);
}
