/** The crawl as tables, in the real kernel: its compiler takes the types, its cells show the rows. */
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { runNotebook } from "../../scripts/notebooks/run";
import { remove, temporaryFolder } from "../helpers/course";
import { KERNEL } from "../helpers/limits";
import { notebookOf } from "./made-up";
import { usePracticeNetwork } from "./network";
import { printed } from "./printed";

const network = usePracticeNetwork({ peers: 12, latency: 0, behaviours: ["polite-modern"] });

test(
  "a crawl is asked in SQL, shown as a table, kept in a file, and opened from there",
  async () => {
    const kept = await temporaryFolder();
    onTestFinished(() => remove(kept));
    const file = JSON.stringify(path.join(kept, "crawl.duckdb"));
    const sources = [
      `import { crawl, getBitnodesApiResponse, joinNetwork, saveCrawl, nodesToAddressTuples, openCrawl, openTables, showTable, Visit } from "@course/lib";
await joinNetwork();`,
      `const snapshot = await getBitnodesApiResponse();
const visits: Visit[] = [];
for await (const visit of crawl(nodesToAddressTuples(snapshot.nodes))) visits.push(visit);`,
      "const tables = await openTables({ visits: visits, snapshot: snapshot });",
      `const rows = await tables.sql<{ nodes: number; share: number }>(
  "SELECT count(*) AS nodes, count(*) / sum(count(*)) OVER () AS share FROM visits JOIN snapshot USING (address)");
const total: number = rows.reduce((sum, { nodes }) => sum + nodes, 0);
showTable(rows, { title: \`of \${total}\` });`,
      'await tables.sql("SELECT nothing FROM visits");',
      `tables.close();
await saveCrawl(visits, ${file}, snapshot);
const again = await openCrawl(${file});
console.log(await again.sql("SELECT count(*) AS n FROM visits"), (await again.visits())[0].versionMessage.command);
again.close();`,
    ];
    const options = { keepGoing: true, env: { BITNODES_URL: network().api } };
    const { notebook } = await runNotebook(notebookOf(...sources), options);
    const said = notebook.cells.map(printed);

    expect(said[3]).toMatch(/^of 12\n.*\n│ nodes │ share │\n.*\n│ +12 │ +1 │\n/);
    expect(JSON.stringify(notebook.cells[3].outputs)).toContain("<caption>of 12</caption>");
    expect(said[4]).toContain('Referenced column "nothing" not found');
    expect(said[4]).not.toContain("node_modules");
    expect(said[5]).toContain("[ { n: 12 } ] version");
  },
  KERNEL,
);
