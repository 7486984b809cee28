/**
 * Reads the world's coastlines: lines of longitudes and latitudes with gaps between them.
 *
 * They are Natural Earth's land at 1:110 million (public domain), from the package world-atlas.
 * Plotly's own maps would load theirs from the internet.
 * https://www.naturalearthdata.com/
 */
import fs from "node:fs";
import type { Position } from "geojson";
import { mesh } from "topojson-client";
import type { Topology } from "topojson-specification";

/** In degrees. A `null` ends a line. */
interface CoastLines {
  longitudes: (number | null)[];
  latitudes: (number | null)[];
}

/** In degrees. No node runs south of this, and Antarctica would take a quarter of the map. */
const SOUTHERNMOST = -58;

let cached: CoastLines | undefined;

/** Returns the coastlines. The file is read at the first call. */
export function coastLines(): CoastLines {
  return (cached ??= read());
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

/** Cuts a line at 180° longitude, where its step from east to west would cross the whole map. */
function cutAtDateLine(line: Position[]): Position[][] {
  const pieces: Position[][] = [[]];
  line.forEach((point, i) => {
    if (i > 0 && Math.abs(point[0] - line[i - 1][0]) > 180) pieces.push([]);
    pieces[pieces.length - 1].push(point);
  });
  return pieces;
}

/** Rounds to a tenth of a degree, which is less than a pixel. */
function tenths(degrees: number): number {
  return Math.round(degrees * 10) / 10;
}
