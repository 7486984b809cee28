import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { type AnyFunction, type Exercise, hiddenCheck, runChecks } from "@course/lib/checks";
import { exercises } from "@course/lib/exercises";
import { Random } from "@course/lib/util";
import { ProtocolError, toHex } from "@course/lib/wire";

const all: Exercise[] = Object.values(exercises);
const withHidden = all.filter(({ randomArguments }) => randomArguments);

/** Runs the hidden check alone. */
async function verdictOf(exercise: Exercise, seed: number, answer: unknown) {
  return runChecks({ ...exercise, checks: [hiddenCheck(exercise, seed)!] }, answer);
}

/** Returns an answer that knows by heart what the visible checks ask, and nothing else. */
async function memorized(exercise: Exercise): Promise<AnyFunction> {
  const known = new Map<string, () => unknown>();
  const solution = exercise.solution as AnyFunction;
  const keyOf = (args: unknown[]) =>
    inspect(args, { depth: 10, maxArrayLength: null, maxStringLength: null });
  await runChecks(exercise, (...args: unknown[]) => {
    const key = keyOf(args);
    try {
      const value = solution(...args) as unknown;
      known.set(key, () => value);
      return value;
    } catch (error) {
      known.set(key, () => {
        throw error;
      });
      throw error;
    }
  });
  return (...args: unknown[]) => known.get(keyOf(args))?.();
}

test("about half of the exercises have a hidden check", () => {
  expect(withHidden.length).toBeGreaterThanOrEqual(20);
  expect(hiddenCheck(exercises.mapPool as Exercise, 1)).toBeUndefined();
});

describe.each(withHidden.map((exercise) => [exercise.id, exercise] as const))(
  "the hidden check of %s",
  (id, exercise) => {
    test(`the solution of ${id} passes its hidden check, whatever the seed`, async () => {
      for (const seed of [0, 1, 2, 2026])
        expect(await verdictOf(exercise, seed, exercise.solution)).toMatchObject({ status: "solved" });
    });

    test(`the same seed makes the same input for ${id}, and another one another`, () => {
      const [one, same, other] = [1, 1, 2].map((seed) =>
        Array.from({ length: 10 }, (_, i) =>
          inspect(exercise.randomArguments!(new Random(seed, `${id}/${i}`)), { depth: 10 }),
        ),
      );
      expect(one).toEqual(same);
      expect(one).not.toEqual(other);
    });

    test(`an answer to ${id} that knows the visible checks by heart fails, and is not told over what`, async () => {
      const { status, checks } = await verdictOf(exercise, 1, await memorized(exercise));
      expect(status).toBe("failed");
      expect(checks[0].message.split("\n")[0]).toBe("not passed; this check is hidden");
    });
  },
);

// Hidden checks had kinds of input of which neither the text nor a visible check says anything.
test.each<[keyof typeof exercises, AnyFunction]>([
  ["greeting", (name: string) => (name === "" ? "Hello, stranger!" : `Hello, ${name.slice(1, -1)}!`)],
  [
    "readCommand",
    (field: Uint8Array) => {
      const end = field.indexOf(0);
      const name = end === -1 ? field : field.subarray(0, end);
      const isWrong =
        field.subarray(name.length).some((byte) => byte !== 0) || name.some((byte) => byte > 0x7e);
      if (isWrong) throw new ProtocolError("BAD_COMMAND", `expected ASCII and NULs, got ${toHex(field)}`);
      return String.fromCharCode(...name);
    },
  ],
])(
  "an answer to %s that does what the text says passes the hidden check, whatever the seed",
  async (id, answer) => {
    for (let seed = 2000; seed < 2050; seed++)
      expect(await verdictOf(exercises[id] as Exercise, seed, answer)).toMatchObject({ status: "solved" });
  },
);
