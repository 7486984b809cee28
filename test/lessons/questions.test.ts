/** What the last cell of each lesson has: five questions, and as many answers that are folded away. */
import { cellSource, readNotebook } from "@course/lib/notebook";
import { expect, test } from "vitest";
import { notebookName, NOTEBOOKS, notebooksIn } from "../../scripts/notebooks/files";

const END =
  /\*\*Five questions\*\*\n\n(.*?)\n\n<details>\n<summary>Answers<\/summary>\n\n(.*?)\n\n<\/details>\n/s;

const lessons = notebooksIn(NOTEBOOKS).map((file) => [notebookName(file), file]);

test.each(lessons)(
  "lesson %s asks five questions, and answers them where they are folded away",
  (_, file) => {
    const text = readNotebook(file).cells.map(cellSource).join("\n\n");
    const [, questions, answers] = END.exec(text) ?? [];
    const numbers = (list: string) => list.split("\n").map((line) => Number(/^(\d)\. \S/.exec(line)?.[1]));
    expect(numbers(questions)).toEqual([1, 2, 3, 4, 5]);
    expect(numbers(answers)).toEqual([1, 2, 3, 4, 5]);
  },
);
