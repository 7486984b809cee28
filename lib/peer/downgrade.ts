/** When a caller that speaks v2 (BIP 324) tries v1, with a new connection. */
import type { Visit } from "./visit";

/**
 * Returns whether a visit in v2 failed as it does with peers that only know v1: the connection ended, or the
 * time to answer, before a single byte came back. To them our key is a message with a wrong magic.
 *
 * It is Bitcoin Core's rule (V2Transport::ShouldReconnectV1 in net.cpp). A peer that has sent anything knows v2.
 */
export function shouldDowngrade({ transport, firstByteAt, error }: Visit): boolean {
  const hasFailed = error?.code === "CLOSED" || error?.code === "ANSWER_TIMEOUT";
  return transport === "v2" && firstByteAt === undefined && hasFailed;
}
