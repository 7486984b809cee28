/** Fetches the ground truth about the peers of a practice network. */
import { request } from "undici";
import type { GroundTruth } from "./ground-truth";

/**
 * Resolves with the ground truth about each address in the snapshot of the practice network at `api`.
 *
 * Resolves with an empty array if the API is not a practice network's.
 */
export async function fetchGroundTruth(api: string): Promise<GroundTruth[]> {
  const { statusCode, body } = await request(new URL("/practice/truth", api));
  if (statusCode === 200) return (await body.json()) as GroundTruth[];
  await body.dump();
  return [];
}
