/** Asking a practice network for the truth about its peers. */
import { request } from "undici";
import type { Truth } from "./ground-truth";

/** The truth about each peer of the practice network whose API is at `api`; nothing from an API that is no practice network's. */
export async function practiceTruth(api: string): Promise<Truth[]> {
  const { statusCode, body } = await request(new URL("/practice/truth", api));
  if (statusCode === 200) return (await body.json()) as Truth[];
  await body.dump();
  return [];
}
