/** `worldMap`: points on a map of the world, which can be zoomed into. */
import { coastLines } from "./coastlines";
import { COLOUR_ORDER, COLOURS } from "./colours";
import { plot, type PlotOptions } from "./plot";
import type { PlotData } from "./plot-data";

/** A place in degrees, and what is shown when the mouse is over it. Points of a `group` have a colour and a line in the legend of their own. */
export interface MapPoint {
  latitude: number;
  longitude: number;
  label?: string;
  group?: string;
}

/** `size` is that of a point, in pixels: 5 if not given. */
export interface MapOptions {
  title: string;
  height?: number;
  size?: number;
}

const HEIGHT = 460;

/** Shows the points on a map of the world. Points without a place (no number, or null) are left out. */
export function worldMap(points: readonly MapPoint[], options: MapOptions): void {
  const { traces, plotOptions } = worldMapPlot(points, options);
  plot(traces, plotOptions);
}

/** What the map consists of: the coast lines, then the points. */
export function worldMapPlot(
  points: readonly MapPoint[],
  { title, height = HEIGHT, size = 5 }: MapOptions,
): { traces: PlotData[]; plotOptions: PlotOptions } {
  const placed = points.filter(
    ({ latitude, longitude }) => Number.isFinite(latitude) && Number.isFinite(longitude),
  );
  const groups = new Map<string, MapPoint[]>();
  for (const point of placed) {
    const group = groups.get(point.group ?? "");
    if (group) group.push(point);
    else groups.set(point.group ?? "", [point]);
  }
  const traces = [...groups].map(([name, own], i) =>
    pointTrace(name, own, { size, color: COLOUR_ORDER[i % COLOUR_ORDER.length] }),
  );
  return {
    traces: [coastTrace(), ...traces],
    plotOptions: { title, height, layout: layoutOf(groups.size > 1) },
  };
}

function coastTrace(): PlotData {
  const { longitudes, latitudes } = coastLines();
  const line = { color: COLOURS.grey, width: 0.8 };
  return {
    name: "coast",
    mode: "lines",
    x: longitudes,
    y: latitudes,
    line,
    hoverinfo: "skip",
    showlegend: false,
  };
}

function pointTrace(name: string, points: readonly MapPoint[], marker: object): PlotData {
  const labels = points.map(({ label }) => label ?? "");
  return {
    name: name || "points",
    mode: "markers",
    x: points.map(({ longitude }) => longitude),
    y: points.map(({ latitude }) => latitude),
    marker: { opacity: 0.8, ...marker },
    ...(labels.some(Boolean)
      ? { text: labels, hoverinfo: "text" }
      : { hovertemplate: "%{y:.1f}° north, %{x:.1f}° east<extra></extra>" }),
  };
}

/** No axes; a degree of longitude as long as one of latitude is at 40° north, where most nodes are. A rectangle drawn with the mouse zooms in, a double click out: the wheel is left to the page. */
function layoutOf(showlegend: boolean): object {
  const bare = { showgrid: false, zeroline: false, showline: false, showticklabels: false, ticks: "" };
  return {
    showlegend,
    hovermode: "closest",
    margin: { l: 8, r: 8, t: 56, b: 8 },
    xaxis: { ...bare, range: [-180, 180] },
    yaxis: { ...bare, range: [-57, 84], scaleanchor: "x", scaleratio: 1.3, constrain: "domain" },
  };
}
