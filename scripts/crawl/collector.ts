/** Writes the visits of all machines of a shared crawl into one file, each address once. */
import { parseVisitLine } from "@course/lib/data";
import { collect, type CollectOptions, type ServerConnection } from "@course/lib/frontier";
import { nodeKey, type Visit } from "@course/lib/peer";
import type { VisitWriter } from "./visit-writer";

/**
 * Collects until the crawl is over, or the signal of the options is aborted. A visit is on the disk before the
 * server forgets it, and before `onVisit` is called.
 *
 * `written` are the nodes (`nodeKey`) that the file has already; those that are written are added. Returns how
 * many results were not visits: only another program can have put them there.
 *
 * @throws WriteError if the file takes no more, or what `collect` throws. The server still has what is missing.
 */
export async function collectInto(
  connection: ServerConnection,
  writer: VisitWriter,
  written: Set<string>,
  onVisit: (visit: Visit) => void,
  options: CollectOptions,
): Promise<number> {
  let unreadable = 0;
  /** Returns the visit in a line, unless its node has one already: of two visits of a node the first counts. */
  const newVisit = (line: string): { line: string; visit: Visit }[] => {
    let visit: Visit;
    try {
      visit = parseVisitLine(line);
    } catch {
      unreadable++;
      return [];
    }
    const key = nodeKey(visit.address);
    if (written.has(key)) return [];
    written.add(key);
    return [{ line, visit }];
  };
  for await (const { lines } of collect(connection, options)) {
    const visits = lines.flatMap(newVisit);
    const writing = writer.writeLines(visits.map(({ line }) => line));
    if (writing) await writing;
    for (const { visit } of visits) onVisit(visit);
  }
  return unreadable;
}
