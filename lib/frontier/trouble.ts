/** What goes wrong at the server of a shared crawl: what is worth another try, for how long, and what is said of it. */
import { now } from "../util/clock";
import { printable } from "../wire/text";
import { FrontierError } from "./errors";

/** Why a step failed, if it is worth repeating: the connection is lost, or the server has no room, or no time. */
export type Trouble = "lost" | "full" | "busy";

export interface OutageOptions {
  /** Called with a sentence when the server cannot be used, and with undefined when it can again. */
  onTrouble?: (sentence: string | undefined) => void;
  /** For how long it may be unusable, in milliseconds. Default: 2 minutes. */
  giveUpMs?: number;
}

const GIVE_UP_MS = 120_000;

/** An outage of the server: says when it begins and ends, and when it has lasted for too long. */
export class Outage {
  readonly giveUpMs: number;
  private readonly onTrouble: OutageOptions["onTrouble"];
  private failingSince: number | undefined;

  /** `shown` is the server's address without user and password. */
  constructor(
    private readonly shown: string,
    { giveUpMs = GIVE_UP_MS, onTrouble }: OutageOptions,
  ) {
    this.giveUpMs = giveUpMs;
    this.onTrouble = onTrouble;
  }

  /** Whether the server has been unusable for too long. */
  get isTooLong(): boolean {
    return this.failingSince !== undefined && now() - this.failingSince >= this.giveUpMs;
  }

  /** Notes that the server can be used. */
  noteSuccess(): void {
    if (this.failingSince !== undefined) this.onTrouble?.(undefined);
    this.failingSince = undefined;
  }

  /**
   * Notes an error. Returns its kind, and a sentence for people.
   *
   * @throws the error as a sentence, if repeating does not mend it.
   */
  noteFailure(error: unknown): { trouble: Trouble; message: string } {
    const explained = explainedError(error, this.shown);
    const trouble = troubleOf(error);
    if (trouble === undefined) throw explained;
    const { message } = explained;
    if (this.failingSince === undefined) {
      this.failingSince = now();
      this.onTrouble?.(`${message}. Waiting, and trying again; nothing is lost meanwhile.`);
    }
    return { trouble, message };
  }
}

/** Returns the message of an error; of anything else that was thrown, its text. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * Returns whether the server itself has answered with this error. Errors of ioredis hold passwords: show
 * messages only.
 */
function isReply(error: unknown): boolean {
  return error instanceof Error && error.name === "ReplyError";
}

/** Returns whether an error is one of this program, which repeating does not mend. */
function isMistake(error: unknown): boolean {
  return error instanceof TypeError || error instanceof RangeError;
}

/** Returns the kind of an error that is worth another try, or undefined. */
export function troubleOf(error: unknown): Trouble | undefined {
  if (error instanceof FrontierError || isMistake(error)) return undefined;
  if (!isReply(error)) return "lost";
  const [code] = messageOf(error).split(" ");
  if (code === "OOM" || code === "MISCONF") return "full";
  return ["LOADING", "BUSY", "TRYAGAIN", "CLUSTERDOWN", "MASTERDOWN"].includes(code) ? "busy" : undefined;
}

/** Returns what a server has done if TLS has failed for want of trust; undefined for other error codes. */
function distrust(code: string, message: string): string | undefined {
  if (/^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_(VERIFY|GET_ISSUER))/.test(code)) {
    return `shows a certificate that this computer does not trust (${message}): if the server is yours, set NODE_EXTRA_CA_CERTS to the file of the certificate that has signed it (PEM), and repeat the command`;
  }
  if (/^CERT_(HAS_EXPIRED|NOT_YET_VALID)$/.test(code)) {
    return `shows a certificate that is not valid today (${message}): renew it there, or set the clock of this computer`;
  }
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID") {
    return `shows a certificate for other addresses (${message}): use one of these, or make a certificate for this one`;
  }
  if (/ALERT.*CERTIFICATE|HANDSHAKE_FAILURE/.test(code)) {
    return "wants a certificate of this machine, and this course has none to show: set tls-auth-clients no there, and a password";
  }
  return undefined;
}

/** Returns the error as a sentence for people: what the server at `shown` said, or that it does not answer. */
export function explainedError(error: unknown, shown: string): Error {
  if (error instanceof FrontierError || isMistake(error)) return error as Error;
  const message = printable(messageOf(error));
  if (!isReply(error)) {
    const done = distrust((error as NodeJS.ErrnoException).code ?? "", message);
    if (done !== undefined) return new FrontierError("UNTRUSTED", `the server at ${shown} ${done}`);
    const isEncrypted = shown.startsWith("rediss:");
    const otherwise = isEncrypted
      ? "Without TLS its address begins with redis://"
      : "With TLS it begins with rediss://";
    return new FrontierError(
      "NO_ANSWER",
      `no Redis server answers at ${shown} (${message}): is it running, and may this computer reach it? ${otherwise}. On Debian: apt install redis-server`,
    );
  }
  if (/^(NOAUTH|WRONGPASS|NOPERM|ERR AUTH)/.test(message)) {
    return new FrontierError(
      "REFUSED",
      `the server at ${shown} refuses this user (${message}): set FRONTIER_URL to an address with user and password, and leave out the URL after --frontier`,
    );
  }
  if (/^(OOM|MISCONF)/.test(message)) {
    return new FrontierError("FULL", `the server at ${shown} takes no more (${message}): make room there`);
  }
  return new FrontierError("REFUSED", `the server at ${shown} refuses (${message})`);
}
