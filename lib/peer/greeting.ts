/** How to greet a node: by its user agent, whose form is that of BIP 14 (https://bips.dev/14). */

/** A hello to a node, by the name it gives itself. */
export function greeting(userAgent: string): string {
  const name = userAgent.replace(/^\/|\/$/g, "");
  return `Hello, ${name || "stranger"}!`;
}
