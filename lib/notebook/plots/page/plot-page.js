/**
 * Draws a plot in the page of a notebook. plot-html.ts puts this function into the HTML of each plot.
 *
 * It looks for plotly in the order that plot-html.ts describes, and loads it once per page.
 *
 * @param {HTMLElement} box The element of the plot: a place to draw in, and a closed `<details>` for its table.
 * @param {CourseFigure | string} given The figure; or its JSON, zipped and as base64.
 * @param {(figure: CourseFigure, label: string) => HTMLElement} table Makes the table: plot-table.js.
 */
async (box, given, table) => {
  const place = /** @type {HTMLElement} */ (box.firstElementChild);
  /** @param {string} text @returns {Promise<CourseFigure>} */
  const unpack = async (text) => {
    const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).json();
  };
  const figure = typeof given === "string" ? await unpack(given) : given;
  const config = document.getElementById("jupyter-config-data");
  const base = config?.textContent ? JSON.parse(config.textContent).baseUrl : document.body.dataset.baseUrl;
  const folders = decodeURI(location.pathname)
    .replace(/^.*?[/](tree|notebooks|doc)[/]/, "")
    .split("/")
    .slice(0, -1);
  const above = folders.map((_, i) => folders.slice(0, folders.length - i).join("/") + "/").concat("");
  const inModules = "node_modules/plotly.js-dist-min/plotly.min.js";
  const sources = base
    ? ["kernelspecs/tslab/plotly.min.js", ...above.map((folder) => "files/" + folder + inModules)].map(
        (path) => base + path,
      )
    : above.map((_, i) => "../".repeat(i) + inModules);
  /** @param {string} source */
  const load = (source) =>
    new Promise((done) => {
      const script = document.createElement("script");
      Object.assign(script, { src: source, onload: done, onerror: done });
      document.head.append(script);
    });
  const find = async () => {
    for (const source of sources) if (!window.Plotly) await load(source);
  };
  await (window.coursePlotly ??= find());
  const { Plotly } = window;
  if (!Plotly) {
    delete window.coursePlotly;
    return place.replaceChildren(
      "This plot could not be drawn, because plotly.js was not found: open the notebook with `npm start`, or run `npm run kernel` in the course's folder and reload the page.",
    );
  }
  if (!document.createElement("canvas").getContext("webgl")) {
    for (const trace of figure.data) if (trace.type === "scattergl") trace.type = "scatter";
  }
  const details = box.querySelector("details");
  if (details) {
    details.hidden = false;
    const label = place.getAttribute("aria-label") ?? "";
    details.addEventListener("toggle", () => details.append(table(figure, label)), { once: true });
  }
  // Beside a plot on a telephone a legend would take most of its width.
  if (place.offsetWidth < 560) figure.layout.legend ??= { orientation: "h", yanchor: "top", y: -0.25 };
  place.replaceChildren();
  const start = performance.now();
  await Plotly.newPlot(place, figure.data, figure.layout, { displaylogo: false });
  performance.measure("course-plot", { start });
  // A screen reader says the label and has the table: it need not spell each tick. The buttons stay.
  for (const drawing of place.querySelectorAll("svg.main-svg")) drawing.setAttribute("aria-hidden", "true");
  // Plotly's "responsive" option watches only the window: no side bars, no cell that was drawn out of sight.
  let width = place.offsetWidth;
  new ResizeObserver(() => {
    if (place.offsetWidth === 0 || place.offsetWidth === width) return;
    width = place.offsetWidth;
    Plotly.Plots.resize(place);
  }).observe(place);
};
