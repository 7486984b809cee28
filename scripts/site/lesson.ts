/** A lesson as a page of the site: its texts, its code with what it printed, and no outside address. */
import {
  cellSource,
  courseRole,
  escapeHtml,
  exerciseOf,
  type Notebook,
  type NotebookCell,
} from "@course/lib/notebook";
import { keptOutputs } from "../solutions/outputs";
import { codeHtml, lessonMarkdown, type PlaceOf } from "./markdown";
import { hasPlots, outputsHtml } from "./outputs";

interface LessonPage {
  /** The lesson's heading. */
  title: string;
  main: string;
  hasPlots: boolean;
  /** The files of images/ that it shows. */
  images: string[];
}

/**
 * Returns a solved lesson as a page.
 *
 * @param lessons The names of the lessons that the site has: links to others become text.
 */
export function lessonPage(notebook: Notebook, lessons: readonly string[]): LessonPage {
  const images = new Set<string>();
  const placeOf: PlaceOf = (target) => {
    const [, lesson] = /^(?:notebooks\/)?([\w-]+)\.ipynb$/.exec(target) ?? [];
    if (lesson && lessons.includes(lesson)) return `${lesson}.html`;
    const [, image] = /^(?:\.\.\/)?images\/([\w-]+\.\w+)$/.exec(target) ?? [];
    if (image) images.add(image);
    return image && `images/${image}`;
  };
  // The cells that show hints are for those who write the answer themselves.
  const cells = notebook.cells.filter((cell) => courseRole(cell) !== "hint");
  return {
    title: titleOf(notebook),
    main: cells.map((cell) => cellHtml(cell, placeOf)).join("\n"),
    hasPlots: cells.some((cell) => hasPlots(cell.outputs ?? [])),
    images: [...images],
  };
}

/** Returns the first heading of a notebook. */
function titleOf({ cells }: Notebook): string {
  const text = cells.find((cell) => cell.cell_type === "markdown");
  return /^# +(.+)$/m.exec(text ? cellSource(text) : "")?.[1].trim() ?? "Without a title";
}

function cellHtml(cell: NotebookCell, placeOf: PlaceOf): string {
  const source = cellSource(cell);
  if (cell.cell_type === "markdown") return lessonMarkdown(source, placeOf);
  if (cell.cell_type !== "code") return "";
  const isAnswer = courseRole(cell) === "exercise";
  const label = isAnswer ? `Code: a solution of ${escapeHtml(exerciseOf(cell) ?? "")}` : "Code";
  return [
    `<div class="cell${isAnswer ? " answer" : ""}">`,
    `<div class="code"><pre tabindex="0" role="group" aria-label="${label}"><code>${codeHtml(source, "typescript")}</code></pre>`,
    `<button type="button" class="copy" hidden>Copy</button></div>`,
    outputsHtml(keptOutputs(cell)),
    `</div>`,
  ].join("\n");
}
