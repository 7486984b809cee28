/** Formats the code with prettier, lints it with eslint, and checks its types with tsc. */
import { execFile } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { ESLint } from "eslint";
import prettier from "prettier";
import { root } from "../setup/paths";
import type { Findings } from "../notebooks/format";
import { sourceFiles } from "./files";

/** Formats the code with prettier; with `check` only reports what it would format. */
export async function formatCode(check: boolean): Promise<Findings> {
  const findings: Findings = { fixed: [], problems: [] };
  for (const name of sourceFiles(".ts", ".js", ".cjs", ".mjs", ".json", ".yml")) {
    const file = path.join(root, name);
    const info = await prettier.getFileInfo(file, { ignorePath: path.join(root, ".prettierignore") });
    if (info.ignored || !info.inferredParser) continue;
    const before = fs.readFileSync(file, "utf8");
    try {
      const options = { ...(await prettier.resolveConfig(file)), filepath: file };
      const after = await prettier.format(before, options);
      if (after === before) continue;
      if (!check) fs.writeFileSync(file, after);
      findings.fixed.push(`${name} formatted`);
    } catch (error) {
      findings.problems.push(`${name} does not parse: ${(error as Error).message.split("\n")[0]}`);
    }
  }
  return findings;
}

/** Lints the code with eslint. Without `check` corrects what eslint can correct. */
export async function lintCode(check: boolean): Promise<Findings> {
  const eslint = new ESLint({ cwd: root, fix: !check });
  const results = await eslint.lintFiles(sourceFiles(".ts", ".js"));
  if (!check) await ESLint.outputFixes(results);
  const name = (result: ESLint.LintResult) => path.relative(root, result.filePath);
  return {
    fixed: results
      .filter((result) => result.output !== undefined)
      .map((result) => `${name(result)} corrected`),
    problems: results.flatMap((result) =>
      result.messages.map(
        ({ line, column, message, ruleId }) => `${name(result)}:${line}:${column}: ${message} (${ruleId})`,
      ),
    ),
  };
}

/**
 * Type-checks the scripts, the tests, and the library's code for browsers.
 *
 * The library itself is compiled before any command runs, so its types are known to be right.
 */
export async function typeCheckCode(): Promise<Findings> {
  const problems = await Promise.all([".", "lib/notebook/plots/page", "scripts/site/files"].map(tsc));
  return { fixed: [], problems: problems.flat() };
}

/** Runs the compiler on a folder with a tsconfig.json, and resolves to its messages. */
function tsc(folder: string): Promise<string[]> {
  const bin = path.join(root, "node_modules", "typescript", "bin", "tsc");
  const options = ["-p", folder, "--noEmit", "--pretty", "false"];
  return new Promise((resolve) => {
    execFile(process.execPath, [bin, ...options], { cwd: root, maxBuffer: 64e6 }, (error, stdout, stderr) => {
      const lines = `${stdout}${stderr}`.split("\n").filter((line) => line.trim() !== "");
      resolve(error && lines.length === 0 ? [`tsc: ${error.message}`] : lines);
    });
  });
}
