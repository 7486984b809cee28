/** Published messages of the handshake, and pings and pongs: at most one field. */
import { EmptyMessage, PingMessage, PongMessage, UnknownMessage } from "@course/lib/wire";
import type { BadVector, Vector } from "./vector";

const REFERENCE = "https://developer.bitcoin.org/reference/p2p_networking.html";
const bip = (number: string) => `https://github.com/bitcoin/bips/blob/master/bip-${number}.mediawiki`;

export const CONTROL_VECTORS: readonly Vector[] = [
  { title: "verack", source: `${REFERENCE}#verack`, message: new EmptyMessage("verack"), hex: "" },
  { title: "getaddr", source: `${REFERENCE}#getaddr`, message: new EmptyMessage("getaddr"), hex: "" },
  {
    title: "ping",
    source: `${REFERENCE}#ping`,
    message: new PingMessage(0x4dafe21121109400n),
    hex: "0094102111e2af4d",
  },
  {
    title: "ping of version 60000 or less",
    source: bip("0031"),
    message: new PingMessage(undefined),
    hex: "",
  },
  {
    title: "ping with a nonce of 0",
    source: bip("0031"),
    message: new PingMessage(0n),
    hex: "0000000000000000",
  },
  {
    title: "pong",
    source: bip("0031"),
    message: new PongMessage(0x4dafe21121109400n),
    hex: "0094102111e2af4d",
  },
  {
    title: "sendheaders, which we do not read",
    source: bip("0130"),
    message: new UnknownMessage("sendheaders", new Uint8Array(0)),
    hex: "",
  },
  { title: "sendaddrv2", source: bip("0155"), message: new EmptyMessage("sendaddrv2"), hex: "" },
  { title: "wtxidrelay", source: bip("0339"), message: new EmptyMessage("wtxidrelay"), hex: "" },
];

export const BAD_CONTROL_VECTORS: readonly BadVector[] = [
  {
    title: "ping with half a nonce",
    source: bip("0031"),
    command: "ping",
    hex: "00941021",
    code: "MALFORMED",
    message: "nonce: expected 8 bytes from byte 0 on, got 4",
  },
  {
    title: "pong without a nonce",
    source: bip("0031"),
    command: "pong",
    hex: "",
    code: "MALFORMED",
    message: "nonce: expected 8 bytes from byte 0 on, got 0",
  },
];

/** Whole messages with their headers, as [command, hexadecimal, source]. */
export const PACKET_VECTORS: readonly [command: string, hex: string, source: string][] = [
  [
    "verack",
    "f9beb4d9 76657261636b000000000000 00000000 5df6e0e2",
    "https://en.bitcoin.it/wiki/Protocol_documentation#verack",
  ],
  [
    "version",
    `f9beb4d9 76657273696f6e0000000000 64000000 3b648d5a
     62ea0000 0100000000000000 11b2d05000000000
     0100000000000000 00000000000000000000ffff00000000 0000
     0100000000000000 00000000000000000000ffff00000000 0000
     3b2eb35d8ce61765 0f2f5361746f7368693a302e372e322f c03e0300`,
    "https://en.bitcoin.it/wiki/Protocol_documentation#version",
  ],
  [
    "addr",
    `f9beb4d9 616464720000000000000000 1f000000 ed52399b
     01 e215104d 0100000000000000 00000000000000000000ffff0a000001 208d`,
    "https://en.bitcoin.it/wiki/Protocol_documentation#addr",
  ],
  ["sendheaders", "f9beb4d9 73656e646865616465727300 00000000 5df6e0e2", bip("0130")],
  ["sendaddrv2", "f9beb4d9 73656e646164647276320000 00000000 5df6e0e2", bip("0155")],
  ["wtxidrelay", "f9beb4d9 777478696472656c61790000 00000000 5df6e0e2", bip("0339")],
];
