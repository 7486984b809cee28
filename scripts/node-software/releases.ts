/**
 * Bitcoin node software in package registries: how to install each release, and the command line with which
 * it listens on 127.0.0.1 only and calls no other node.
 */

/** The command line of a package client, with its environment and the files (text by name) that it needs. */
interface Installation {
  readonly command: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
}

/** A release of node software. */
export interface NodeSoftware {
  readonly software: string;
  readonly version: string;
  /** Returns what installs it into `folder`, which is also the working directory. */
  install(folder: string): Installation;
  /** A file in `folder` that exists once the release is installed. */
  readonly program: string;
  /**
   * Returns the command line for a port of 127.0.0.1 and a data folder. It runs in the installation's folder.
   */
  command(port: string, data: string): string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Flags with which it speaks the encrypted transport (BIP 324) too, if it can. */
  readonly v2?: readonly string[];
}

/** A loopback port where no process listens: the only address that a node may call. */
const CLOSED_PORT = "127.0.0.1:1";

/** Returns a release of https://github.com/btcsuite/btcd, in Go. */
function btcd(version: string, v2?: readonly string[]): NodeSoftware {
  return {
    v2,
    software: "btcd",
    version,
    install: (folder) => ({
      command: ["go", "install", `github.com/btcsuite/btcd@v${version}`],
      env: { CGO_ENABLED: "0", GOFLAGS: "-buildvcs=false", GOBIN: folder },
    }),
    program: "btcd",
    command: (port, data) => [
      "./btcd",
      `--listen=127.0.0.1:${port}`,
      `--connect=${CLOSED_PORT}`,
      "--nodnsseed",
      "--norpc",
      `--configfile=${data}/btcd.conf`,
      `--datadir=${data}`,
      `--logdir=${data}`,
    ],
  };
}

/** Returns an `npm install` of one package without its native parts: they do not build on current Node.js. */
function npmInstall(name: string, version: string, overrides: Record<string, string>): Installation {
  const manifest = { private: true, dependencies: { [name]: version }, overrides };
  return {
    command: ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund"],
    files: { "package.json": JSON.stringify(manifest) },
  };
}

/** Starts bcoin's own program without DNS, through which it would look up its public address. */
const BCOIN = `
const dns = require("bdns");
dns.getIPv4 = dns.getIPv6 = async () => { throw new Error("no DNS here"); };
require("./node_modules/bcoin/bin/node");
`;

/** Returns a release of https://github.com/bcoin-org/bcoin, in JavaScript. */
function bcoin(version: string): NodeSoftware {
  return {
    software: "bcoin",
    version,
    install: () => npmInstall("bcoin", version, { leveldown: "6.1.1" }),
    program: "node_modules/bcoin/bin/node",
    env: { NODE_BACKEND: "js" },
    command: (port, data) => [
      "node",
      "--eval",
      BCOIN,
      "bcoin",
      "--memory",
      `--prefix=${data}`,
      "--host=127.0.0.1",
      `--port=${port}`,
      `--only=${CLOSED_PORT}`,
      "--http-host=127.0.0.1",
      "--http-port=0",
      "--no-wallet",
      "--workers=false",
    ],
  };
}

/**
 * A server around bitcore-p2p, which is a library.
 *
 * Its fork of `buffers` is only on GitHub, so the first two lines add the methods of that fork.
 */
const BITCORE = `
Buffer.prototype.get = Buffer.prototype.readUInt8;
require("buffers").prototype.skip = function (length) { this.splice(0, length); };
const { Peer } = require("bitcore-p2p");
const server = require("net").createServer((socket) => {
  new Peer({ socket, network: "livenet" }).on("error", () => {});
});
server.listen(process.argv[2], "127.0.0.1");
`;

/** Returns a release of https://github.com/bitpay/bitcore, in JavaScript. */
function bitcore(version: string): NodeSoftware {
  return {
    software: "bitcore-p2p",
    version,
    install: () => npmInstall("bitcore-p2p", version, { buffers: "0.1.1" }),
    program: "node_modules/bitcore-p2p/package.json",
    command: (port) => ["node", "--eval", BITCORE, "bitcore-p2p", port],
  };
}

/** All releases; of each software the newest comes first. */
export const NODE_SOFTWARE: readonly NodeSoftware[] = [
  btcd("0.26.2", ["--v2transport"]),
  btcd("0.20.1-beta"),
  bcoin("1.0.2"),
  bitcore("10.10.7"),
];

/** Returns the name of a release on command lines and in file names: `btcd-0.26.2`. */
export function nameOf({ software, version }: Pick<NodeSoftware, "software" | "version">): string {
  return `${software}-${version}`;
}
