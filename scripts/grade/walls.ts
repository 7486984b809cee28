/** The walls that `npm run grade` was asked for, and the line that says which they are. */
import { type Isolation, ISOLATIONS, type Walls } from "@course/lib/grading/walls";
import { UsageError } from "@course/lib/util";
import pc from "picocolors";

/** What --isolation takes. */
export const KINDS = ["auto", ...ISOLATIONS] as const;

interface WallFlags {
  isolation: "auto" | Isolation;
  requireIsolation?: boolean;
}

/**
 * Returns walls that were chosen, after a line that says what they hold.
 *
 * @throws UsageError if those that were asked for do not work here, or if there are none where they are required.
 */
export async function announced(chosen: Promise<Walls>, { requireIsolation }: WallFlags): Promise<Walls> {
  const walls = await chosen;
  if (requireIsolation && walls.isWeak)
    throw new UsageError(`nothing was graded, because of --require-isolation. ${walls.sentence}`);
  console.error(walls.isWeak ? pc.yellow(walls.sentence) : walls.sentence);
  return walls;
}
