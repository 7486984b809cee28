/** A hello to a node, by the name it gives itself (https://github.com/bitcoin/bips/blob/master/bip-0014.mediawiki). */
export function greeting(userAgent: string): string {
  const name = userAgent.replace(/^\/|\/$/g, "");
  return `Hello, ${name || "stranger"}!`;
}
