/**
 * Some of the published vectors of BIP 324: two key pairs, what is derived of them, and a packet.
 *
 * From packet_encoding_test_vectors.csv in https://github.com/bitcoin/bips/tree/7fe0b034/bip-0324, by Dhruv
 * Mehta, Tim Ruffing, Jonas Schnelli and Pieter Wuille, BSD 3-Clause License. The whole file, and the licence's
 * text, are in test/transport/vectors/ of the project.
 */
import type { Role } from "../../transport/session-keys";

/** A row. Bytes are in hexadecimal, and the names are those of the lesson. */
export interface PublishedVector {
  /** Which side's keys these are. */
  role: Role;
  privateKey: string;
  ours: string;
  theirs: string;
  secret: string;
  initiatorLength: string;
  initiatorPacket: string;
  responderLength: string;
  responderPacket: string;
  sendTerminator: string;
  receiveTerminator: string;
  sessionId: string;
  /** A packet that this side sends, if the file has all of it. */
  packet?: { number: number; contents: string; bytes: string };
}

export const PUBLISHED_VECTORS: readonly PublishedVector[] = [
  {
    role: "initiator",
    privateKey: "61062ea5071d800bbfd59e2e8b53d47d194b095ae5a4df04936b49772ef0d4d7",
    ours: "ec0adff257bbfe500c188c80b4fdd640f6b45a482bbc15fc7cef5931deff0aa186f6eb9bba7b85dc4dcc28b28722de1e3d9108b985e2967045668f66098e475b",
    theirs:
      "a4a94dfce69b4a2a0a099313d10f9f7e7d649d60501c9e1d274c300e0d89aafaffffffffffffffffffffffffffffffffffffffffffffffffffffffff8faf88d5",
    secret: "c6992a117f5edbea70c3f511d32d26b9798be4b81a62eaee1a5acaa8459a3592",
    initiatorLength: "9a6478b5fbab1f4dd2f78994b774c03211c78312786e602da75a0d1767fb55cf",
    initiatorPacket: "7d0c7820ba6a4d29ce40baf2caa6035e04f1e1cefd59f3e7e59e9e5af84f1f51",
    responderLength: "17bc726421e4054ac6a1d54915085aaa766f4d3cf67bbd168e6080eac289d15e",
    responderPacket: "9f0fc1c0e85fd9a8eee07e6fc41dba2ff54c7729068a239ac97c37c524cca1c0",
    sendTerminator: "faef555dfcdb936425d84aba524758f3",
    receiveTerminator: "02cb8ff24307a6e27de3b4e7ea3fa65b",
    sessionId: "ce72dffb015da62b0d0f5474cab8bc72605225b0cee3f62312ec680ec5f41ba5",
    packet: { number: 1, contents: "8e", bytes: "7530d2a18720162ac09c25329a60d75adf36eda3c3" },
  },
  {
    role: "responder",
    privateKey: "6f312890ec83bbb26798abaadd574684a53e74ccef7953b790fcc29409080246",
    ours: "a8785af31c029efc82fa9fc677d7118031358d7c6a25b5779a9b900e5ccd94aac97eb36a3c5dbcdb2ca5843cc4c2fe0aaa46d10eb3d233a81c3dde476da00eef",
    theirs:
      "fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f0000000000000000000000000000000000000000000000000000000000000000",
    secret: "a6f79eb08243b6f65dbe42bfe4a6cf3f131d6963fa5d06c770a18f7b9c489b78",
    initiatorLength: "efc938c88c925459a9c837238716cfadfb1c3016f60d12923933710b5fcc9b55",
    initiatorPacket: "91702f3cbd33b3c4a0b29b40548aea1ab01e43582db194afee70637d247aa036",
    responderLength: "7f457572e4260c611a6858acc8f325d87a3c8af8a59ce1da26ef6041f35715e8",
    responderPacket: "1fe4d56334f5b0a5bd3c71ce4e338f40fc7e194925daa7ee6ce98aecf1766d7c",
    sendTerminator: "44737108aec5f8b6c1c277b31bbce9c1",
    receiveTerminator: "ca29b3a35237f8212bd13ed187a1da2e",
    sessionId: "b0490e26111cb2d55bbff2ace00f7f644f64006539abb4e7513f05107bb10608",
    packet: {
      number: 999,
      contents: "3eb1d4e98035cfd8eeb29bac969ed3824a",
      bytes: "d78adbcba0eebfb15cfbd8142c84dc729d233d0dc11b1d851e46a114122b8d5b96b7d59317",
    },
  },
  {
    role: "initiator",
    privateKey: "846a784f1a03dea59cc679754a60a7145542fa130e3efbd815c81e909ce32933",
    ours: "480eacf1536b52257bf8ce78d8f4ce09395d744767c6c129e7838947ee625af3245592c111275e877d5baae22584cb5f1153e67c16bcd7da767726cd0d0c846a",
    theirs:
      "ffffffffffffffffffffffffffffffffffffffffffffffffffffffff22d5e441524d571a52b3def126189d3f416890a99d4da6ede2b0cde1760ce2c3f98457ae",
    secret: "e500c670f1b32f60e05009bddcdbfa7153afb19c20479583a54b43d85b3433a8",
    initiatorLength: "67b155367abf65d45a60412e16bd5ef5e862aa0a4a7a56366cfcc602072176b8",
    initiatorPacket: "93f5b4c59038c16c3f09793976c75e522bf994635e3f1ef9f04e628281e0d5f7",
    responderLength: "08fe46857ab4e62d7463c00ac510e041d28dbfc21853e8f4db971890c7330098",
    responderPacket: "2271d5f5351a91ca768a83c5aa7f45fb2b2742e89351d93a680f51a030f9255c",
    sendTerminator: "3ba1f51de6272aa28fd21059b91d3893",
    receiveTerminator: "faf3b317340de00e29f2181db270ff81",
    sessionId: "d083d09c1bdf71795b39a9534601cf7c7a7e767e578c44a17dfaf43a3c18f98c",
  },
  {
    role: "responder",
    privateKey: "c0f15820459f64d98e5c48681d13340572c574533dd9f7161b85fcc8224fdf30",
    ours: "682871104d694baca8b9c7990ae6288f49e1ff4feb21dd5cffad67db7752fdfb6c3608d6996c54be04b35feef037da09ee4d9dca2363b343bc2d4f6d0ea609da",
    theirs:
      "56bd0c06f10352c3a1a9f4b4c92f6fa2b26df124b57878353c1fc691c51abea77c8817daeeb9fa546b77c8daf79d89b22b0e1b87574ece42371f00237aa9d83a",
    secret: "b764f617cf8c8dcf6018e4f5e8ee603a086498a3732621c9b0fc0a485ea0d2f0",
    initiatorLength: "e25747c749e78c7a0102352378f7c15566145b57f082f7e10b10a0606b323996",
    initiatorPacket: "c0547fbf3082c7a0377b4e709b982ecb4710012dcf3b0c073ed3811a2b7c1309",
    responderLength: "5bb291885bf5b08a4218c2bf3498d3591be93a47412c770b60299c8e740ac560",
    responderPacket: "fdf5a3e3e75afc15a924373e58af505052731efa75c76a1fa3546954d60b50b1",
    sendTerminator: "8461c1dc173be7e6a2316d09710ebd8d",
    receiveTerminator: "dfa2d33623fe80e2347999e6de0f96fd",
    sessionId: "279a96e6ce08e5074608fcad77d6a78f90c8b618a4520575435b1a37b1c56df9",
  },
];
