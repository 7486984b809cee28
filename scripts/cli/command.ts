/** What all commands have in common. */
import { Command } from "commander";

const WRONG_CALL = 2;

/**
 * Returns a command that says after a wrong call where its options are listed, and exits with 2 then.
 *
 * `name` is what one writes to call it: `npm run grade --`.
 */
export function commandNamed(name: string): Command {
  return new Command(name)
    .showHelpAfterError(`\n${name} --help lists what can be given.`)
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : WRONG_CALL));
}
