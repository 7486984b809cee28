/** What a cell printed, without its colours. */
import { stripVTControlCharacters } from "node:util";
import type { NotebookCell } from "@course/lib/notebook";

interface Output {
  text?: string | string[];
  traceback?: string[];
  data?: Record<string, string | string[]>;
}

export function printed({ outputs = [] }: NotebookCell): string {
  const texts = (outputs as Output[]).map(
    ({ text, data, traceback }) => text ?? traceback?.join("\n") ?? data?.["text/plain"] ?? "",
  );
  return stripVTControlCharacters(texts.flat().join(""));
}
