import { expect, test } from "vitest";
import { coastLines, type MapPoint, plotBundle, worldMapPlot } from "@course/lib/notebook";

const BERLIN = { latitude: 52.5, longitude: 13.4, label: "Berlin" };

test("the coastlines go around the world, and no line crosses all of it", () => {
  const { longitudes, latitudes } = coastLines();
  expect(latitudes).toHaveLength(longitudes.length);
  const [west, east] = [Math.min(...(longitudes as number[])), Math.max(...(longitudes as number[]))];
  expect([west, east]).toEqual([-180, 180]);
  longitudes.forEach((longitude, i) => {
    const before = longitudes[i - 1];
    if (i > 0 && longitude !== null && before !== null)
      expect(Math.abs(longitude - before)).toBeLessThan(180);
  });
});

test("a world map draws its points over the coast, with labels, and leaves out points without coordinates", () => {
  const nowhere = { latitude: null, longitude: null } as unknown as MapPoint;
  const { traces } = worldMapPlot([BERLIN, nowhere, { latitude: NaN, longitude: 3 }], { title: "Nodes" });
  expect(traces.map(({ name }) => name)).toEqual(["coast", "points"]);
  expect(traces[1]).toMatchObject({ x: [13.4], y: [52.5], text: ["Berlin"] });
});

test("each group of points on a world map has a trace and an entry in the legend", () => {
  const points = [
    { ...BERLIN, group: "a" },
    { ...BERLIN, group: "b" },
    { ...BERLIN, group: "a" },
  ];
  const { traces, plotOptions } = worldMapPlot(points, { title: "Nodes" });
  expect(traces.map(({ name, x }) => [name, x?.length]).slice(1)).toEqual([
    ["a", 2],
    ["b", 1],
  ]);
  expect(plotOptions.layout).toMatchObject({ showlegend: true });
});

test("a world map of 10,000 points takes less than 1 MB in a notebook", () => {
  const points = Array.from({ length: 10_000 }, (_, i) => ({
    latitude: ((i * 7919) % 12_000) / 100 - 50,
    longitude: ((i * 104_729) % 35_000) / 100 - 175,
    label: `127.0.${i >> 8}.${i % 256}`,
  }));
  const { traces, plotOptions } = worldMapPlot(points, { title: "Nodes" });
  expect(JSON.stringify(plotBundle(traces, plotOptions)).length).toBeLessThan(1_000_000);
});
