/** Chooses ports: JupyterLab's, and those of programs that have to be told one. */
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";
import { Failure } from "../cli/failure";

/** Jupyter's usual port. */
export const USUAL_PORT = 8888;

/** Says that a port is taken, and what to do. */
export function portTaken(port: number): string {
  return `Port ${port} is taken by another program, or not allowed: leave --port out, or name another (\`npm start -- --port ${port + 1}\`).`;
}

/**
 * Returns `asked`, or without it the first free port from USUAL_PORT on.
 *
 * @throws Failure if `asked` is taken, or if 100 ports are.
 */
export async function choosePort(asked?: number): Promise<number> {
  if (asked !== undefined) {
    if (await isFree(asked)) return asked;
    throw new Failure(portTaken(asked));
  }
  for (let port = USUAL_PORT; port < USUAL_PORT + 100; port++) {
    if (await isFree(port)) return port;
  }
  throw new Failure(
    `All ports from ${USUAL_PORT} on are taken: name a free one (\`npm start -- --port 9500\`).`,
  );
}

/** Returns whether a port of 127.0.0.1 is free to listen on. */
export async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    await once(server.listen(port, "127.0.0.1"), "listening");
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}

/** Below the ports that systems give to whoever asks for any: none of these is taken between the choice and its use. */
const [FIRST_CHOICE, LAST_CHOICE] = [20_000, 32_000];

/** Returns a port of 127.0.0.1 that is free, for a program that has to be told which one to listen on. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(FIRST_CHOICE, LAST_CHOICE);
    if (await isFree(port)) return port;
  }
}
