/**
 * The world's coast lines, as lines of longitudes and latitudes with gaps between them.
 *
 * From Natural Earth's land at 1:110 million (public domain), as the package world-atlas has it.
 * Plotly's own maps fetch theirs from the internet, which the course does without.
 * https://www.naturalearthdata.com/
 */
import fs from "node:fs";
import type { Position } from "geojson";
import { mesh } from "topojson-client";
import type { Topology } from "topojson-specification";

/** In degrees; `null` ends a line. */
export interface CoastLines {
  longitudes: (number | null)[];
  latitudes: (number | null)[];
}

/** Nobody runs a node south of this, and Antarctica would take a quarter of the map. */
const SOUTHERNMOST = -58;

let kept: CoastLines | undefined;

/** The coast lines, read once. */
export function coastLines(): CoastLines {
  return (kept ??= read());
}

function read(): CoastLines {
  const file = require.resolve("world-atlas/land-110m.json");
  const topology = JSON.parse(fs.readFileSync(file, "utf8")) as Topology;
  const { coordinates } = mesh(topology);
  const northern = coordinates.filter((line) => line.some(([, latitude]) => latitude > SOUTHERNMOST));
  const lines = northern.flatMap(cutAtDateLine);
  const pick = (at: number) => lines.flatMap((line) => [...line.map((point) => tenths(point[at])), null]);
  return { longitudes: pick(0), latitudes: pick(1) };
}

/** The pieces of a line that lie between the edges of the map: from 180° east to 180° west it would be drawn through all of it. */
function cutAtDateLine(line: Position[]): Position[][] {
  const pieces: Position[][] = [[]];
  line.forEach((point, i) => {
    if (i > 0 && Math.abs(point[0] - line[i - 1][0]) > 180) pieces.push([]);
    pieces[pieces.length - 1].push(point);
  });
  return pieces;
}

/** A tenth of a degree is less than a pixel. */
function tenths(degrees: number): number {
  return Math.round(degrees * 10) / 10;
}
