/** The commands that go on with a crawl, with the flags of this call: what is printed when it ends early. */
import fs from "node:fs";
import { program } from "./options";

/** Returns the command that goes on with `file`, with the flags of this call. */
export function resumeCommand(file: string): string {
  return commandWith("--resume", quoted(file));
}

function quoted(file: string): string {
  return /^[\w./-]+$/.test(file) ? file : JSON.stringify(file);
}

/** Returns the command that goes on collecting into `file`, with the flags of this call. */
export function collectCommand(file: string): string {
  return fs.existsSync(file) ? resumeCommand(file) : commandWith("--json", quoted(file));
}

/** Returns the command that joins a shared crawl again, with the flags of this call. */
export function joinCommand(): string {
  return commandWith();
}

function commandWith(...first: string[]): string {
  const words = ["npm run crawl --", ...first];
  for (const { long, attributeName } of flagsGiven()) {
    const value: unknown = program.getOptionValue(attributeName);
    words.push(long!, ...(typeof value === "boolean" ? [] : [value].flat().map(String)));
  }
  return words.join(" ");
}

function flagsGiven(): { long?: string; attributeName: string }[] {
  return program.options
    .filter(({ long }) => long !== "--json" && long !== "--resume")
    .map((option) => ({ long: option.long, attributeName: option.attributeName(), isNegated: option.negate }))
    .filter(
      ({ attributeName, isNegated }) =>
        program.getOptionValueSource(attributeName) === "cli" &&
        isNegated === (program.getOptionValue(attributeName) === false),
    );
}
