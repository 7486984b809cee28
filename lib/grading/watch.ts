/** Watches for notebooks that are saved, in place or by renaming a new file. */
import path from "node:path";
import { watch } from "chokidar";

/**
 * How long after its last file event a save counts as done, in milliseconds: editors save in several steps.
 */
const SETTLE_MS = 150;

/**
 * Calls `onSaved` with the names (without `.ipynb`) of the notebooks in `folder` that were saved.
 *
 * Makes one call at a time: saves during a call are collected for the next. The notebooks in `first` count as
 * saved at the start.
 *
 * @returns A function that ends the watch. Resolves once the watch has begun.
 */
export async function watchNotebooks(
  folder: string,
  first: string[],
  onSaved: (notebooks: string[]) => Promise<void>,
): Promise<() => Promise<void>> {
  const changed = new Set(first);
  let timer: NodeJS.Timeout | undefined;
  let busy = false;

  async function settle(): Promise<void> {
    timer = undefined;
    if (busy || changed.size === 0) return;
    busy = true;
    const names = [...changed];
    changed.clear();
    await onSaved(names).finally(() => (busy = false));
    void settle();
  }
  const watcher = watch(folder, { depth: 0, ignoreInitial: true });
  watcher.on("all", (_event, file) => {
    if (path.extname(file) !== ".ipynb") return;
    changed.add(path.basename(file, ".ipynb"));
    clearTimeout(timer);
    timer = setTimeout(() => void settle(), SETTLE_MS);
  });
  await new Promise<void>((resolve) => watcher.once("ready", resolve));
  void settle();
  return async () => {
    clearTimeout(timer);
    changed.clear();
    await watcher.close();
  };
}
