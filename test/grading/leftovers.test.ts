import { expect, test } from "vitest";
import { type Exercise, runChecks } from "@course/lib/checks";
import { exercises } from "@course/lib/exercises";
import { getGlobalDispatcher } from "undici";

const all: Exercise[] = Object.values(exercises);

/** Returns the kinds of resources that keep this process alive: sockets, servers, timers, look-ups. */
function open(): string[] {
  return process.getActiveResourcesInfo().filter((kind) => /TCP|Timeout|Immediate|GetAddrInfo/.test(kind));
}

test.each(all.map((exercise) => [exercise.id, exercise] as const))(
  "the checks of %s leave nothing open, and the HTTP dispatcher unchanged",
  async (_, exercise) => {
    const before = open();
    const dispatcher = getGlobalDispatcher();
    const answers = [exercise.solution, ...exercise.wrongAnswers.slice(0, 1).map(({ answer }) => answer)];
    for (const answer of answers) await runChecks(exercise, answer);
    await expect.poll(open, { timeout: 5000 }).toEqual(before);
    expect(getGlobalDispatcher()).toBe(dispatcher);
  },
  60_000, // a wrong answer that connects to no peer runs into its time limit, and some checks start processes
);
