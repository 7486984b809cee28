/** Shows what a command is doing: with a spinner on a terminal, with a few lines elsewhere. */
import { canSpin, startSpinner } from "./spinner";

/** Shortest time between two lines of a step where there is no terminal, in milliseconds. */
const LINE_EVERY_MS = 10_000;

/** Shows a detail of the step that is running: `12 of 90 packages`. */
export type ShowDetail = (detail: string) => void;

/** Runs `work`, and shows its title while it runs. */
export async function step<T>(title: string, work: (showDetail: ShowDetail) => Promise<T>): Promise<T> {
  return canSpin() ? spin(title, work) : printLines(title, work);
}

async function spin<T>(title: string, work: (showDetail: ShowDetail) => Promise<T>): Promise<T> {
  const spinner = startSpinner(`${title} …`);
  try {
    const result = await work((detail) => spinner.update({ text: oneLine(`${title} … ${detail}`) }));
    spinner.success({ text: title });
    return result;
  } catch (error) {
    spinner.error({ text: title });
    throw error;
  }
}

/** Cuts text to the width beside the spinner: a line that wraps is drawn again with each frame. */
function oneLine(text: string): string {
  return text.slice(0, (process.stderr.columns ?? 80) - 4);
}

async function printLines<T>(title: string, work: (showDetail: ShowDetail) => Promise<T>): Promise<T> {
  console.error(`${title} …`);
  let last = Date.now();
  return work((detail) => {
    if (Date.now() - last < LINE_EVERY_MS) return;
    last = Date.now();
    console.error(`${title} … ${detail}`);
  });
}
