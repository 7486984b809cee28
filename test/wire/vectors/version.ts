/** Published version messages. */
import { VersionMessage } from "@course/lib/wire";
import type { Vector } from "./vector";

const WIKI = "https://en.bitcoin.it/wiki/Protocol_documentation#version";
const DEVELOPER_REFERENCE = "https://developer.bitcoin.org/reference/p2p_networking.html#version";
const BIP_14 = "https://github.com/bitcoin/bips/blob/master/bip-0014.mediawiki";
const BIP_37 = "https://github.com/bitcoin/bips/blob/master/bip-0037.mediawiki";
const BIP_60 = "https://github.com/bitcoin/bips/blob/master/bip-0060.mediawiki";

const ANYWHERE = { services: 1n, host: "0.0.0.0", port: 0 };
const ANYWHERE_HEX = "0100000000000000 00000000000000000000ffff00000000 0000";

/** From the time before the relay byte. */
export const WIKI_VERSION: Vector = {
  title: "version 60002, without a relay byte",
  source: WIKI,
  message: new VersionMessage({
    version: 60002,
    services: 1n,
    timestamp: 1355854353n,
    receiver: ANYWHERE,
    sender: ANYWHERE,
    nonce: 0x6517e68c5db32e3bn,
    userAgent: "/Satoshi:0.7.2/",
    startHeight: 212672,
    relay: undefined,
  }),
  hex: `62ea0000 0100000000000000 11b2d05000000000 ${ANYWHERE_HEX} ${ANYWHERE_HEX}
    3b2eb35d8ce61765 0f2f5361746f7368693a302e372e322f c03e0300`,
};

const { message } = WIKI_VERSION as { message: VersionMessage };

export const REFERENCE_VERSION: Vector = {
  title: "version 70002",
  source: DEVELOPER_REFERENCE,
  message: new VersionMessage({
    version: 70002,
    services: 1n,
    timestamp: 1415483324n,
    receiver: { services: 1n, host: "198.27.100.9", port: 8333 },
    sender: { services: 1n, host: "203.0.113.192", port: 8333 },
    nonce: 0xf85379c9cb358012n,
    userAgent: "/Satoshi:0.9.3/",
    startHeight: 329167,
    relay: true,
  }),
  hex: `72110100 0100000000000000 bc8f5e5400000000
    0100000000000000 00000000000000000000ffffc61b6409 208d
    0100000000000000 00000000000000000000ffffcb0071c0 208d
    128035cbc97953f8 0f2f5361746f7368693a302e392e332f cf050500 01`,
};

/** The wiki's message with a user agent of its own. */
function withUserAgent(userAgent: string, hex: string): Vector {
  return {
    title: `version with the user agent ${userAgent}`,
    source: BIP_14,
    message: new VersionMessage({ ...message, userAgent }),
    hex: `62ea0000 0100000000000000 11b2d05000000000 ${ANYWHERE_HEX} ${ANYWHERE_HEX}
      3b2eb35d8ce61765 ${hex} c03e0300`,
  };
}

/** The wiki's message as of a later version, with a relay byte. */
function withRelay(version: number, versionHex: string, relay: boolean, source: string): Vector {
  return {
    title: `version ${version} that ${relay ? "wants" : "does not want"} to be told of transactions`,
    source,
    message: new VersionMessage({ ...message, version, relay }),
    hex: `${versionHex} 0100000000000000 11b2d05000000000 ${ANYWHERE_HEX} ${ANYWHERE_HEX}
      3b2eb35d8ce61765 0f2f5361746f7368693a302e372e322f c03e0300 0${Number(relay)}`,
  };
}

export const VERSION_VECTORS: readonly Vector[] = [
  WIKI_VERSION,
  REFERENCE_VERSION,
  {
    title: "version 31900, when the user agent was an empty sub-version",
    source: `${WIKI}, before 2012`,
    message: new VersionMessage({
      version: 31900,
      services: 1n,
      timestamp: 1292899814n,
      receiver: { services: 1n, host: "10.0.0.1", port: 8333 },
      sender: { services: 1n, host: "10.0.0.2", port: 8333 },
      nonce: 0x1357b43a2c209dddn,
      userAgent: "",
      startHeight: 98645,
      relay: undefined,
    }),
    hex: `9c7c0000 0100000000000000 e615104d00000000
      0100000000000000 00000000000000000000ffff0a000001 208d
      0100000000000000 00000000000000000000ffff0a000002 208d
      dd9d202c3ab45713 00 55810100`,
  },
  withUserAgent(
    "/Satoshi:5.64/bitcoin-qt:0.4/",
    "1d 2f5361746f7368693a352e36342f626974636f696e2d71743a302e342f",
  ),
  withUserAgent(
    "/BitcoinJ:0.2(iPad; U; CPU OS 3_2_1)/AndroidBuild:0.8/",
    `36 2f426974636f696e4a3a302e3228695061643b20553b20435055204f5320335f325f31292f
     416e64726f69644275696c643a302e382f`,
  ),
  withRelay(70001, "71110100", false, BIP_37),
  withRelay(70001, "71110100", true, BIP_37),
  withRelay(70002, "72110100", true, BIP_60),
];
