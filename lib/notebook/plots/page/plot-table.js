/**
 * Returns the data of a plot as a table in a box that scrolls. plot-html.ts puts this function into the HTML
 * of each plot, and plot-page.js calls it when a reader asks for the table.
 *
 * A row is a point, a bar or a cell of a heat map; the columns are what the axes are called. Coast lines, and
 * what else has nothing to say, are left out. Text is put in as text, never as HTML.
 *
 * @param {CourseFigure} figure
 * @param {string} label What a screen reader says of the box.
 */
(figure, label) => {
  const MOST_ROWS = 1000;
  const { xaxis = {}, yaxis = {} } = figure.layout;
  /** @type {Record<string, CourseAxis>} */
  const axes = { x: xaxis, base: xaxis, y: yaxis };
  /**
   * Returns text of plotly's JSON as it was before plot-data.ts escaped it, without a second line.
   *
   * @param {unknown} text
   */
  const plain = (text) => {
    const [line] = String(text).split("<br>");
    return line.replaceAll("&lt;", "<").replaceAll("&#36;", "$").replaceAll("&amp;", "&");
  };
  /** @param {CourseTrace} trace @returns {Record<string, unknown>[]} */
  const rowsOf = (trace) => {
    const { name, x, y, z } = trace;
    if (z)
      return z.flatMap((row, i) => row.map((value, j) => ({ name, x: x?.[j] ?? j, y: y?.[i] ?? i, value })));
    const columns = ["labels", "values", "base", "x", "y", "text"].filter((column) =>
      Array.isArray(trace[column]),
    );
    const data = columns.map((column) => /** @type {unknown[]} */ (trace[column]));
    const count = Math.max(0, ...data.map(({ length }) => length));
    return Array.from({ length: count }, (_, i) => ({
      name,
      ...Object.fromEntries(columns.map((column, j) => [column, data[j][i]])),
    }));
  };
  const rows = figure.data.filter(({ hoverinfo }) => hoverinfo !== "skip").flatMap(rowsOf);
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))].filter((column) =>
    rows.some((row) => row[column] !== undefined && row[column] !== null && row[column] !== ""),
  );
  /** @param {string} column */
  const heading = (column) => {
    const title = axes[column]?.title?.text;
    if (column === "base") return `${title ? plain(title) : "x"} (from)`;
    return column === "name" ? "series" : title ? plain(title) : column;
  };
  /**
   * Makes a cell: a number as the plots write it, the name that stands at its place on the axis, or text.
   *
   * @param {string} column
   * @param {unknown} value
   */
  const cell = (column, value) => {
    const element = document.createElement("td");
    const { tickvals, ticktext } = axes[column] ?? {};
    const name = column === "base" ? undefined : ticktext?.[tickvals?.indexOf(Number(value)) ?? -1];
    const isNumber = typeof value === "number" && name === undefined;
    element.textContent = isNumber
      ? value.toLocaleString("en", { maximumSignificantDigits: 6 })
      : plain(name ?? value ?? "");
    if (!isNumber) element.className = "text";
    return element;
  };
  const table = document.createElement("table");
  if (rows.length > MOST_ROWS) {
    const [most, all] = [MOST_ROWS, rows.length].map((count) => count.toLocaleString("en"));
    table.createCaption().textContent = `1–${most} / ${all}`;
  }
  const head = table.createTHead().insertRow();
  for (const column of columns) {
    const element = document.createElement("th");
    const { className } = cell(column, rows[0][column]);
    head.append(Object.assign(element, { scope: "col", textContent: heading(column), className }));
  }
  const body = table.createTBody();
  for (const row of rows.slice(0, MOST_ROWS)) {
    body.insertRow().append(...columns.map((column) => cell(column, row[column])));
  }
  const box = document.createElement("div");
  // What a mouse can scroll, the keyboard must reach.
  Object.assign(box, { className: "course-plot-data", tabIndex: 0, role: "group", ariaLabel: label });
  box.append(table);
  return box;
};
