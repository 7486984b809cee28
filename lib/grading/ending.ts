/** How a learner's process ended before its time, and what that means for what it was doing. */
import type { Status } from "./result";

/** How a process ended, or why it has to end. */
export type Ending =
  | { ending: "late"; ms: number }
  | { ending: "ended"; reason: string }
  | { ending: "exit"; position?: number };

/** What an ending means for an answer: its status, the check that it fails, and what happened. */
export interface Meaning {
  status: Status;
  check: string;
  what: string;
}

const LEFT_ALONE = "it leaves the process alone";

/** What any ending means of a process that has sent what no code of the course sends. */
export const TAMPERED_WITH: Meaning = {
  status: "tampered",
  check: LEFT_ALONE,
  what: "ended in a way that a person has to look at",
};

/** Returns whether something is an ending, and not what was waited for. */
export function isEnding(outcome: object): outcome is Ending {
  return "ending" in outcome;
}

/** Returns what an ending means. `brokenLimit` is the limit that the process has broken, if it has. */
export function meaningOf(ending: Ending, brokenLimit: string | undefined): Meaning {
  if (ending.ending === "late") {
    const what = `never finished: it was stopped after ${ending.ms / 1000} s; is there an endless loop?`;
    return { status: "timeout", check: "it finishes", what };
  }
  if (ending.ending === "exit") {
    const what = "called process.exit, which ends the kernel too: leave it out";
    return { status: "crashed", check: LEFT_ALONE, what };
  }
  if (brokenLimit !== undefined)
    return { status: "crashed", check: "it keeps to its limits", what: `was stopped: ${brokenLimit}` };
  return { status: "crashed", check: LEFT_ALONE, what: `ended its process (${ending.reason})` };
}
