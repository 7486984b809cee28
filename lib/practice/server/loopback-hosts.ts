/** Tells this machine's own hosts from others. */

const LOOPBACK = /^(127(\.\d+){3}|localhost|\[::1\])$/;

/** Returns whether the host of a URL is this machine by its loopback interface. */
export function isLoopback(hostname: string): boolean {
  return LOOPBACK.test(hostname);
}
