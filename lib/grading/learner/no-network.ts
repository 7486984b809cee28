/** Keeps cells off the network: HTTP requests fail, and sockets connect to this machine only. */
import net from "node:net";
import type { Dispatcher } from "undici";
import { hostOf } from "../../checks/place/hanging-connect";

type Connect = typeof net.Socket.prototype.connect;

/**
 * Cuts off the network.
 *
 * @returns A function that lets sockets connect again. HTTP stays cut off until checks mock it.
 */
export function cutNetwork(): () => void {
  cutHttp();
  const prototype = net.Socket.prototype;
  const connect = prototype.connect as (...args: unknown[]) => net.Socket;
  prototype.connect = function (this: net.Socket, ...args: unknown[]) {
    const host = hostOf(args);
    if (isLocal(host)) return connect.apply(this, args);
    const error = Object.assign(new Error(`${host} is not called while grading`), { code: "ENETUNREACH" });
    process.nextTick(() => this.destroy(error));
    return this;
  };
  return () => (prototype.connect = connect as Connect);
}

/** Where `fetch` and undici look up who makes their requests. */
const DISPATCHER = Symbol.for("undici.globalDispatcher.1");

/**
 * Refuses HTTP requests. What refuses them takes long to load, and most notebooks make none: it is loaded by
 * the first.
 */
function cutHttp(): void {
  let agent: Dispatcher | undefined;
  const loaded = (): Dispatcher => (agent ??= refusingAgent());
  const value = new Proxy({} as Dispatcher, {
    get(_, name) {
      const member: unknown = Reflect.get(loaded(), name);
      return typeof member === "function" ? (member.bind(loaded()) as unknown) : member;
    },
    has: (_, name) => Reflect.has(loaded(), name),
    getPrototypeOf: () => Reflect.getPrototypeOf(loaded()),
  });
  Object.defineProperty(globalThis, DISPATCHER, { configurable: true, writable: true, value });
}

function refusingAgent(): Dispatcher {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { MockAgent } = require("undici") as typeof import("undici");
  const agent = new MockAgent();
  agent.disableNetConnect();
  return agent;
}

function isLocal(host = "localhost"): boolean {
  return host === "localhost" || host === "::1" || /^127\.\d+\.\d+\.\d+$/.test(host);
}
