/** A page of feedback for a learner: what each exercise earned, and what the checks that failed say. */
import { byNotebook } from "../grading/grade";
import type { ExerciseResult } from "../grading/result";
import { failedChecksOf, STATUS_WORDS } from "../grading/status-words";
import { escapeHtml } from "../notebook/plots/plot-html";
import type { GradedLearner, LearnerResult } from "./grade-class";

const STYLE =
  "body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem}" +
  "h2{margin-top:2rem}pre{white-space:pre-wrap;background:#f4f4f4;color:#222;padding:.6rem;overflow-wrap:anywhere}" +
  "li{margin:.4rem 0}";

/** Returns the page. All that is a learner's is escaped. */
export function feedbackPage(result: LearnerResult): string {
  const lessons = byNotebook(result.exercises);
  const name = escapeHtml(result.learner);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Feedback for ${name}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>Feedback for ${name}</h1>
<p><strong>${result.points} of ${result.possible} points</strong></p>
${result.notes.length === 0 ? "" : `<ul>${result.notes.map((note) => `<li>${escapeHtml(note)}</li>`).join("")}</ul>`}
${lessons.map(lessonPart).join("\n")}
</body>
</html>
`;
}

function lessonPart(exercises: ExerciseResult[]): string {
  const items = exercises.map(exercisePart).join("\n");
  return `<h2>${escapeHtml(exercises[0].notebook)}</h2>\n<ul>\n${items}\n</ul>`;
}

function exercisePart(result: ExerciseResult): string {
  const { id, status, points, possible } = result;
  const messages = failedChecksOf(result).map(
    ({ name, message }) =>
      `<p>✗ ${escapeHtml(name)}</p>${message === "" ? "" : `<pre>${escapeHtml(message)}</pre>`}`,
  );
  const head = `<strong>${escapeHtml(id)}</strong>: ${STATUS_WORDS[status]}, ${points} of ${possible}`;
  return `<li>${head}${messages.join("")}</li>`;
}

/**
 * Returns where each learner's files go, in the order of `graded`: under the name of what was handed in, as
 * Moodle and Canvas take feedback back; without what a path may not hold, and no two alike.
 */
export function feedbackNames(graded: readonly GradedLearner[]): string[] {
  const taken = new Set<string>();
  return graded.map(({ submission, result }) => {
    const first = submission.name.replace(/\.(ipynb|zip|ts)$/i, "");
    const safe = (first === "." || first === "" ? result.learner : first)
      .replace(/[^\p{L}\p{N} ._@()-]/gu, "_")
      .replace(/^\.+|[. ]+$/g, "")
      .slice(0, 100);
    let name = safe || "learner";
    for (let i = 2; taken.has(name.toLowerCase()); i++) name = `${safe || "learner"} ${i}`;
    taken.add(name.toLowerCase());
    return name;
  });
}
