/**
 * Asks peers for their version messages, one after the other: the slow way, which later lessons make faster.
 */
import type { AddressTuple } from "../peer/address";
import { getVersionMessage } from "../peer/handshake";
import type { Progress } from "./progress-line";
import type { VersionMessage } from "../wire/version-message";

/**
 * Asks all addresses for their version messages, one after the other. Returns the messages and the errors.
 * `log` is called after each address.
 */
export async function getVersionMessages(
  addresses: AddressTuple[],
  log: (progress: Progress) => void = () => {},
): Promise<{ versionMessages: VersionMessage[]; errors: Error[] }> {
  const versionMessages: VersionMessage[] = [];
  const errors: Error[] = [];
  const startedAt = performance.now();
  for (const address of addresses) {
    try {
      versionMessages.push(await getVersionMessage(address));
    } catch (error) {
      errors.push(error as Error);
    }
    log({
      received: versionMessages.length,
      failed: errors.length,
      total: addresses.length,
      elapsedMs: performance.now() - startedAt,
    });
  }
  return { versionMessages, errors };
}
