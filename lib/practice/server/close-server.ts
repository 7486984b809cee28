/** Closes servers. */
import type net from "node:net";

/** Resolves when the server has closed its socket, and its connections are over. */
export function closeServer(server: { close(callback: () => void): unknown }): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}

/** Returns what closes a server and cuts its connections. To be called before the server listens. */
export function closerOf(server: net.Server): () => Promise<void> {
  const sockets = new Set<net.Socket>();
  server.on("connection", (socket) => sockets.add(socket.on("close", () => sockets.delete(socket))));
  return () => {
    for (const socket of sockets) socket.destroy();
    return closeServer(server);
  };
}
