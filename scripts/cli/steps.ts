/** Saying what is being done while it is being done: a spinner on a terminal, sparse lines elsewhere. */
import { canSpin, startSpinner } from "./spinner";

/** How often a step that goes on may say so where there is no terminal. */
const LINE_EVERY_MS = 10_000;

/** Says more about the step under way, `12 of 90 packages`. */
export type Say = (detail: string) => void;

/** Does `work` under a title. */
export async function step<T>(title: string, work: (say: Say) => Promise<T>): Promise<T> {
  return canSpin() ? spin(title, work) : write(title, work);
}

async function spin<T>(title: string, work: (say: Say) => Promise<T>): Promise<T> {
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

/** What fits beside the spinner: a line that wraps would be drawn again and again. */
function oneLine(text: string): string {
  return text.slice(0, (process.stderr.columns ?? 80) - 4);
}

async function write<T>(title: string, work: (say: Say) => Promise<T>): Promise<T> {
  console.error(`${title} …`);
  let last = Date.now();
  return work((detail) => {
    if (Date.now() - last < LINE_EVERY_MS) return;
    last = Date.now();
    console.error(`${title} … ${detail}`);
  });
}
