/** What a learner's process may say of itself. Its code may send anything: all else is no report. */
import { z } from "zod";
import type { FromLearner } from "./messages";

const text = z.string().max(100_000);
const position = z.number().int().min(1).max(100_000);
const exercise = z.string().max(100);
/** Values are looked at when they are decoded. */
const coded = z.custom<never>((value) => value !== undefined);

const SCHEMA: z.ZodType<FromLearner> = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("started") }),
  z.strictObject({ kind: z.literal("heartbeat") }),
  z.strictObject({ kind: z.literal("cell"), position }),
  z.strictObject({
    kind: z.literal("cellFailed"),
    position: z.number().int().min(0).max(100_000),
    text,
    slow: z.boolean(),
    missing: z.array(z.string().max(1000)).max(1000),
  }),
  z.strictObject({ kind: z.literal("cellsDone") }),
  z.strictObject({
    kind: z.literal("answer"),
    exercise,
    answer: coded,
    place: coded,
    isLibrarySolution: z.boolean(),
  }),
  z.strictObject({ kind: z.literal("exit"), position: position.optional() }),
  z.strictObject({ kind: z.literal("uncaught"), exercise, text }),
  z.strictObject({ kind: z.literal("usedSolution"), exercise }),
]);

/** Returns the report in a line, or undefined if there is none. */
export function reportIn(line: string): FromLearner | undefined {
  try {
    return SCHEMA.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}
