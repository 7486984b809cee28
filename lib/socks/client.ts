/** A client of a SOCKS5 proxy: asks it to connect to a host, whose name it leaves to the proxy. */
import { Dialogue, type Steps } from "./dialogue";
import {
  connectRequest,
  type Credentials,
  CREDENTIALS_VERSION,
  credentialsMessage,
  helloMessage,
  lengthOfHost,
  malformed,
  METHODS,
  requireVersion,
  SOCKS_VERSION,
} from "./messages";
import { errorOfReply, SocksError, SUCCEEDED } from "./replies";

export class SocksClient extends Dialogue {
  /** Whether the proxy has been asked to connect: from then on it is the peer who is waited for. */
  isAsking = false;

  /** With `credentials` a proxy may ask for them; one that does not want any gets none. */
  constructor(
    private readonly address: readonly [host: string, port: number],
    private readonly credentials?: Credentials,
  ) {
    super();
  }

  protected override *converse(): Steps {
    this.send(helloMessage(this.credentials));
    requireVersion(yield 1);
    const [method] = yield 1;
    if (method === METHODS.credentials && this.credentials) yield* this.identify(this.credentials);
    else if (method !== METHODS.none) throw refusedMethod(method);
    this.send(connectRequest(this.address));
    this.isAsking = true;
    requireVersion(yield 1);
    const [reply, , hostType] = yield 3;
    if (reply !== SUCCEEDED) throw errorOfReply(reply);
    yield (yield* lengthOfHost(hostType)) + PORT_LENGTH;
  }

  private *identify(credentials: Credentials): Steps {
    this.send(credentialsMessage(credentials));
    const [version, status] = yield 2;
    if (version !== CREDENTIALS_VERSION && version !== SOCKS_VERSION) throw malformed(version, "1");
    if (status !== 0) throw new SocksError("PROXY_AUTH", "the proxy does not accept that name and password");
  }
}

const PORT_LENGTH = 2;

function refusedMethod(method: number): SocksError {
  const message =
    method === METHODS.credentials || method === METHODS.unacceptable
      ? "the proxy wants a name and a password: give them as socks5://name:password@host:port"
      : `the proxy wants another way to identify than a name and a password (0x${method.toString(16)})`;
  return new SocksError("PROXY_AUTH", message);
}
