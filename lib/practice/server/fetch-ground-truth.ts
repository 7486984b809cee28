/** Asking a practice network for the truth about its peers. */
import { request } from "undici";
import type { GroundTruth } from "./ground-truth";

/** The truth about each peer of the practice network whose API is at `api`; nothing from an API that is no practice network's. */
export async function fetchGroundTruth(api: string): Promise<GroundTruth[]> {
  const { statusCode, body } = await request(new URL("/practice/truth", api));
  if (statusCode === 200) return (await body.json()) as GroundTruth[];
  await body.dump();
  return [];
}
