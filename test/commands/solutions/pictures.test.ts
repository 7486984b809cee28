import { expect, test } from "vitest";
import { PLOTLY, withPictures } from "../../../scripts/solutions/pictures";

test("a plot becomes a picture with its sentence, and all else stays", async () => {
  const figure = { data: [], layout: { height: 300 } };
  const asked: unknown[] = [];
  const painter = {
    png: async (given: unknown) => `${asked.push(given)}`,
    close: async () => {},
  };
  const text = { output_type: "stream", name: "stdout", text: "a" };
  const plot = {
    output_type: "display_data",
    metadata: {},
    data: { [PLOTLY]: figure, "text/html": "<script></script>", "text/plain": "Plot" },
  };
  expect(await withPictures<object>([text, plot], painter)).toEqual([
    text,
    { output_type: "display_data", metadata: {}, data: { "image/png": "1", "text/plain": "Plot" } },
  ]);
  expect(asked).toEqual([figure]);
});
