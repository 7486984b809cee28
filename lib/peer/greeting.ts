/** Greets a node by its user agent, in the form of BIP 14 (https://bips.dev/14). */

/** Returns a greeting for a node, by the user agent it sends. */
export function greeting(userAgent: string): string {
  const name = userAgent.replace(/^\/|\/$/g, "");
  return `Hello, ${name || "stranger"}!`;
}
