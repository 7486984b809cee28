/** Keeps cells off the network: HTTP requests fail, and sockets connect to this machine only. */
import net from "node:net";
import { MockAgent, setGlobalDispatcher } from "undici";
import { hostOf } from "../../checks/fakes/hanging-connect";

type Connect = typeof net.Socket.prototype.connect;

/**
 * Cuts off the network.
 *
 * @returns A function that lets sockets connect again. HTTP stays cut off until checks mock it.
 */
export function cutNetwork(): () => void {
  const agent = new MockAgent();
  agent.disableNetConnect();
  setGlobalDispatcher(agent);

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

function isLocal(host = "localhost"): boolean {
  return host === "localhost" || host === "::1" || /^127\.\d+\.\d+\.\d+$/.test(host);
}
