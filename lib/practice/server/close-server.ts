/** Closes a server. */

/** Resolves when the server has closed its socket, and its connections are over. */
export function closeServer(server: { close(callback: () => void): unknown }): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}
