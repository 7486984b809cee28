/** Tables and folders that the test which asked for them closes and removes at its end. */
import { openTables, type Tables, type TableSources } from "@course/lib/data";
import { onTestFinished } from "vitest";
import { remove, temporaryFolder } from "../../helpers/course";

export async function opened(sources: TableSources): Promise<Tables> {
  const tables = await openTables(sources);
  onTestFinished(() => tables.close());
  return tables;
}

export async function folder(): Promise<string> {
  const made = await temporaryFolder();
  onTestFinished(() => remove(made));
  return made;
}
