/**
 * GitHub Codespaces: the browser is elsewhere, and reaches a port of this machine through a proxy.
 *
 * https://docs.github.com/en/codespaces/developing-in-a-codespace/default-environment-variables-for-your-codespace
 */

/** Returns the origin at which the browser finds a port; undefined where there is no such proxy. */
export function forwardedOrigin(env: NodeJS.ProcessEnv, port: number): string | undefined {
  const { CODESPACES, CODESPACE_NAME, GITHUB_CODESPACES_PORT_FORWARDING_DOMAIN } = env;
  if (CODESPACES !== "true" || !CODESPACE_NAME || !GITHUB_CODESPACES_PORT_FORWARDING_DOMAIN) return undefined;
  return `https://${CODESPACE_NAME}-${port}.${GITHUB_CODESPACES_PORT_FORWARDING_DOMAIN}`;
}
