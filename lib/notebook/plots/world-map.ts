/** `worldMap`: shows points on a map of the world that can be zoomed. */
import { coastLines } from "./coastlines";
import { COLOUR_ORDER, COLOURS } from "./colours";
import { plot, type PlotOptions } from "./plot";
import type { PlotData } from "./plot-data";

/** A point on the map. */
export interface MapPoint {
  /** In degrees. */
  latitude: number;
  /** In degrees. */
  longitude: number;
  /** Shown when the mouse is over the point. */
  label?: string;
  /** Points of one group share a colour and an entry in the legend. */
  group?: string;
}

export interface MapOptions {
  title: string;
  /** In pixels. 460 if not given. */
  height?: number;
  /** The size of a point, in pixels. 5 if not given. */
  size?: number;
}

const HEIGHT = 460;

/** Shows points on a map of the world. Points whose coordinates are not finite numbers are left out. */
export function worldMap(points: readonly MapPoint[], options: MapOptions): void {
  const { traces, plotOptions } = worldMapPlot(points, options);
  plot(traces, plotOptions);
}

/** Returns the traces and the options of a map: the coastlines, then the points. */
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

/**
 * Returns a layout without axes, whose proportions are true at 40° north, where most nodes are.
 *
 * Drawing a rectangle with the mouse zooms in, and a double click zooms out. The wheel scrolls the page.
 */
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
