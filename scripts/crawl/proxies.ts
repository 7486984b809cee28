/** The proxies of a crawl. */
import type { ProxyOptions } from "@course/lib/crawl";
import { parseProxy, requireProxy } from "@course/lib/peer";

/** Checks that the proxies are there, before anybody is called. */
export async function requireProxies({ proxy, i2pProxy }: ProxyOptions): Promise<void> {
  for (const url of [proxy, i2pProxy]) if (url !== undefined) await requireProxy(parseProxy(url));
}
