import { expect, test } from "vitest";
import { type Exercise, runChecks } from "@course/lib/checks";
import { exercises } from "@course/lib/exercises";
import { getGlobalDispatcher } from "undici";

const all: Exercise[] = Object.values(exercises);

/** What is open: sockets, servers, timers and what else keeps a process alive. */
function open(): string[] {
  return process.getActiveResourcesInfo().filter((kind) => /TCP|Timeout|Immediate|GetAddrInfo/.test(kind));
}

test.each(all.map((exercise) => [exercise.id, exercise] as const))(
  "the checks of %s leave nothing open, and the dispatcher as it was",
  async (_, exercise) => {
    const before = open();
    const dispatcher = getGlobalDispatcher();
    const answers = [exercise.solution, ...exercise.wrongAnswers.slice(0, 3).map(({ answer }) => answer)];
    for (const answer of answers) await runChecks(exercise, answer);
    await expect.poll(open, { timeout: 5000 }).toEqual(before);
    expect(getGlobalDispatcher()).toBe(dispatcher);
  },
  60_000, // a wrong answer that calls nobody is waited for, and processes have to be started for each check
);
