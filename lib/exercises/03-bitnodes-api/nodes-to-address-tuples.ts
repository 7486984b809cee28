/** 03-bitnodes-api: host and port, from untrusted text. */
import { isIPv6 } from "node:net";
import type { AddressTuple } from "../../peer/address";
import type { Nodes } from "../../bitnodes/api";
import { nodesToAddressTuples } from "../../bitnodes/addresses";
import { expectEqual, expectError, expectThat, show } from "../../checks/expect";
import { defineExercise } from "../../checks/exercise";
import { nodesNamed } from "../shared/sample-snapshots";
import { nodes } from "../shared/random-input";

type Answer = typeof nodesToAddressTuples;

/** Expects the right pair for each key. Passes one key at a time, so that a message names the key. */
function expectTuples(answer: Answer, table: [key: string, host: string, port: number][]): void {
  for (const [key, host, port] of table) {
    const tuples: unknown = answer(nodesNamed([key]));
    expectThat(
      Array.isArray(tuples) && tuples.length === 1 && Array.isArray(tuples[0]) && tuples[0].length === 2,
      `for ${show(key)}: expected ${show([[host, port]])}, a list with one pair in it, got ${show(tuples)}`,
    );
    expectEqual(`the host of ${show(key)}`, tuples[0][0], host);
    expectEqual(`the port of ${show(key)}`, tuples[0][1], port);
  }
}

/** Expects an error that names the key for each key, even with valid ones beside it. */
async function expectRefusals(answer: Answer, keys: string[]): Promise<void> {
  for (const key of keys) {
    const nodes = nodesNamed(["192.0.2.1:8333", key, "192.0.2.2:8333"]);
    const error = await expectError(`for the key ${show(key)}`, () => answer(nodes));
    expectThat(
      error.message.includes(key),
      `expected an error that names the key ${show(key)}, got the message ${show(error.message)}`,
    );
  }
}

/** Returns a port that is written in digits alone, or else NaN. */
const fromDigits = (text: string) => (/^\d+$/.test(text) ? Number(text) : NaN);

/** Returns an answer that is right, except that it cuts keys with `cut`. */
function cutting(cut: (key: string) => [host: string, port: string]): Answer {
  return (nodes) =>
    Object.keys(nodes).map((key): AddressTuple => {
      const [host, port] = cut(key);
      const number = fromDigits(port);
      const lowest = host.endsWith(".i2p") ? 0 : 1;
      if (!(number >= lowest && number <= 65535)) throw new Error(`not an address: ${key}`);
      return [host, number];
    });
}

const atLastColon = (key: string): [string, string] => [
  key.slice(0, Math.max(key.lastIndexOf(":"), 0)),
  key.slice(key.lastIndexOf(":") + 1),
];
const withoutBrackets = (host: string) => host.replace(/^\[|\]$/g, "");

/** Returns an answer that is right, except for the ports that it accepts. */
function takingPorts(
  parse: (text: string) => number,
  isValid: (port: number, host: string) => boolean,
): Answer {
  return (nodes: Nodes) =>
    Object.keys(nodes).map((key): AddressTuple => {
      const [host, text] = atLastColon(key);
      const port = parse(text);
      if (!key.includes(":") || !isValid(port, atLastColon(key)[0]))
        throw new Error(`not an address: ${key}`);
      return [withoutBrackets(host), port];
    });
}

const inRange = (port: number, host: string) =>
  Number.isInteger(port) && port >= (host.endsWith(".i2p") ? 0 : 1) && port <= 65535;

export default defineExercise<Answer>({
  id: "nodesToAddressTuples",
  notebook: "03-bitnodes-api",
  title: "Addresses as host and port",
  points: 3,
  solution: nodesToAddressTuples,
  source: "bitnodes/addresses.ts",
  randomArguments: (random) => [nodes(random)],
  hints: [
    "Which colon of `[2001:db8::1]:8333` belongs to the port? Find that one, and take what is left and right of it.",
    '`key.lastIndexOf(":")` is the place of the last colon, or -1. `slice` gives the two parts. Take brackets off the host. Of the port make a number, and ask whether it is a whole one from 1 to 65535, written in digits alone; 0 is good if the host ends with `.i2p`. If it is none, throw an Error with the key in its message.',
    'For each key of `Object.keys(nodes)`:\n\n```ts\nconst colon = key.lastIndexOf(":");\nconst host = key.slice(0, colon).replace(/^\\[(.*)\\]$/, "$1");\nconst digits = key.slice(colon + 1);\nconst port = Number(digits);\nconst lowest = host.endsWith(".i2p") ? 0 : 1;\n```\n\n`/^\\d+$/.test(digits)` says whether they are digits and nothing else. A key without any colon has `colon === -1`.',
  ],
  checks: [
    {
      name: "IPv4 keys are cut into host and port",
      run: (answer) =>
        expectTuples(answer, [
          ["192.168.0.1:8333", "192.168.0.1", 8333],
          ["203.0.113.7:18333", "203.0.113.7", 18333],
        ]),
    },
    {
      name: "IPv6 keys are cut at the last colon",
      run: (answer) =>
        expectTuples(answer, [
          ["FE80:CD00:0:CDE:1257:0:211E:729C:8333", "FE80:CD00:0:CDE:1257:0:211E:729C", 8333],
        ]),
    },
    {
      name: "Brackets are removed",
      run: (answer) =>
        expectTuples(answer, [
          ["[2001:db8::1]:8333", "2001:db8::1", 8333],
          ["[2001:db8:85a3::8a2e:370:7334]:39388", "2001:db8:85a3::8a2e:370:7334", 39388],
        ]),
    },
    {
      name: "Tor addresses are not changed",
      run: (answer) =>
        expectTuples(answer, [["expyuzz4wqqyqhjn.onion:8333", "expyuzz4wqqyqhjn.onion", 8333]]),
    },
    {
      name: "I2P addresses have port 0",
      run: (answer) =>
        expectTuples(answer, [
          [
            "ukeu3k5oycgaauneqgtnvselmt4yemvoilkln7jpvamvfx7dnkdq.b32.i2p:0",
            "ukeu3k5oycgaauneqgtnvselmt4yemvoilkln7jpvamvfx7dnkdq.b32.i2p",
            0,
          ],
        ]),
    },
    {
      name: "Ports from 1 to 65535 are valid",
      run: (answer) =>
        expectTuples(answer, [
          ["192.0.2.1:1", "192.0.2.1", 1],
          ["192.0.2.1:65535", "192.0.2.1", 65535],
        ]),
    },
    {
      name: "All addresses are returned in the order of the snapshot, and the nodes do not change",
      run(answer) {
        const keys = ["203.0.113.9:8333", "[2001:db8::2]:8334", "192.0.2.1:8335"];
        const nodes = nodesNamed(keys);
        const expected = [
          ["203.0.113.9", 8333],
          ["2001:db8::2", 8334],
          ["192.0.2.1", 8335],
        ];
        expectEqual(`the addresses of nodes with the keys ${show(keys)}`, answer(nodes), expected);
        expectEqual("the nodes that were passed in, afterwards", nodes, nodesNamed(keys));
        expectEqual("for no nodes at all", answer({}), []);
      },
    },
    {
      name: "A key without a port is an error that names it",
      run: (answer) =>
        expectRefusals(answer, [
          "192.0.2.99",
          "192.0.2.99:",
          "[2001:db8::99]",
          "8333",
          "ukeu3k5oycgaauneqgtn.b32.i2p:",
        ]),
    },
    {
      name: "A port outside 1 to 65535 is an error that names the key",
      run: (answer) =>
        expectRefusals(answer, [
          "192.0.2.99:0",
          "192.0.2.99:65536",
          "[2001:db8::99]:-8333",
          "[2001:db8::99]:0",
          "[2001:db8::99]:65536",
          "expyuzz4wqqyqhjn.onion:0",
          "i2p.example.org:0",
          "ukeu3k5oycgaauneqgtn.b32.i2p:65536",
        ]),
    },
    {
      name: "A port that is not written in digits is an error that names the key",
      run: (answer) =>
        expectRefusals(answer, [
          "192.0.2.99:http",
          "192.0.2.99:0x50",
          "192.0.2.99:83.5",
          "192.0.2.99:8333abc",
          "192.0.2.99:8e3",
          "192.0.2.99:+8333",
          "192.0.2.99: 8333",
          "ukeu3k5oycgaauneqgtn.b32.i2p:http",
        ]),
    },
  ],
  wrongAnswers: [
    {
      name: "cuts at the first colon",
      caughtBy: "IPv6 keys are cut at the last colon",
      answer: (nodes) =>
        Object.keys(nodes).map((key): AddressTuple => {
          const [host, port] = key.split(":");
          return [host, Number(port)];
        }),
    },
    {
      name: "expects brackets around every IPv6 host",
      caughtBy: "IPv6 keys are cut at the last colon",
      answer: cutting((key) => {
        const [, inside, port] = /^\[(.*)\]:(.*)$/.exec(key) ?? [];
        if (inside !== undefined) return [inside, port];
        const [host, rest = ""] = key.split(":");
        return [host, rest];
      }),
    },
    {
      name: "keeps the brackets",
      caughtBy: "Brackets are removed",
      answer: cutting(atLastColon),
    },
    {
      name: "leaves the port as text",
      caughtBy: "IPv4 keys are cut into host and port",
      answer: (nodes) =>
        nodesToAddressTuples(nodes).map(([host, port]) => [host, String(port)] as unknown as AddressTuple),
    },
    {
      name: "omits Tor addresses",
      caughtBy: "Tor addresses are not changed",
      answer: (nodes) => nodesToAddressTuples(nodes).filter(([host]) => !host.endsWith(".onion")),
    },
    {
      name: "omits invalid keys instead of naming them",
      caughtBy: "A key without a port is an error that names it",
      answer: (nodes) =>
        Object.keys(nodes).flatMap((key): AddressTuple[] => {
          const [host, port] = atLastColon(key);
          return inRange(Number(port), host) ? [[withoutBrackets(host), Number(port)]] : [];
        }),
    },
    {
      name: "does not say which key is invalid",
      caughtBy: "A key without a port is an error that names it",
      answer(nodes) {
        try {
          return nodesToAddressTuples(nodes);
        } catch {
          throw new Error("there is a bad address in the list");
        }
      },
    },
    {
      name: "refuses port 0 of I2P",
      caughtBy: "I2P addresses have port 0",
      answer: takingPorts(fromDigits, (port) => inRange(port, "")),
    },
    {
      name: "accepts port 0",
      caughtBy: "A port outside 1 to 65535 is an error that names the key",
      answer: takingPorts(fromDigits, (port) => port >= 0 && port <= 65535),
    },
    {
      name: "reads a port up to the first character that is not a digit",
      caughtBy: "A port that is not written in digits is an error that names the key",
      answer: takingPorts((text) => parseInt(text, 10), inRange),
    },
    {
      name: "accepts 0x50 as port 80",
      caughtBy: "A port that is not written in digits is an error that names the key",
      answer: takingPorts(Number, inRange),
    },
    {
      name: "accepts any port after brackets",
      caughtBy: "A port outside 1 to 65535 is an error that names the key",
      answer(nodes) {
        return Object.keys(nodes).map((key): AddressTuple => {
          const [, host, port] = /^\[(.*)\]:(\d+)$/.exec(key) ?? [];
          return host ? [host, Number(port)] : nodesToAddressTuples(nodesNamed([key]))[0];
        });
      },
      message: /expected an error for the key "\[2001:db8::99\]:0", got/,
    },
    {
      name: "does not look whether there is a colon",
      caughtBy: "A key without a port is an error that names it",
      answer: (nodes) =>
        Object.keys(nodes).map((key): AddressTuple => {
          const colon = key.lastIndexOf(":");
          const host = key.slice(0, colon);
          const port = fromDigits(key.slice(colon + 1));
          if (!inRange(port, host)) throw new Error(`not an address: ${key}`);
          return [withoutBrackets(host), port];
        }),
      message: /expected an error for the key "8333", got .*'833', 8333/,
    },
    {
      name: "accepts port 0 of any name",
      caughtBy: "A port outside 1 to 65535 is an error that names the key",
      answer: takingPorts(fromDigits, (port, host) => inRange(port, /[g-z]/.test(host) ? ".i2p" : host)),
      message: /for the key "expyuzz4wqqyqhjn\.onion:0", got/,
    },
    {
      name: "takes every host with i2p in it for one of I2P",
      caughtBy: "A port outside 1 to 65535 is an error that names the key",
      answer: takingPorts(fromDigits, (port, host) => inRange(port, host.includes("i2p") ? ".i2p" : host)),
      message: /for the key "i2p\.example\.org:0", got/,
    },
    {
      name: "gives I2P port 0, whatever is there",
      caughtBy: "A port outside 1 to 65535 is an error that names the key",
      answer: (nodes) =>
        Object.keys(nodes).map((key): AddressTuple => {
          const [host] = atLastColon(key);
          return host.endsWith(".i2p") ? [host, 0] : nodesToAddressTuples(nodesNamed([key]))[0];
        }),
      message: /for the key "ukeu3k5oycgaauneqgtn\.b32\.i2p:65536", got/,
    },
    {
      name: "leaves it to Number what is a port, but for 0x50",
      caughtBy: "A port that is not written in digits is an error that names the key",
      answer: takingPorts((text) => (/^$|x/.test(text) ? NaN : Number(text)), inRange),
      message: /for the key "192\.0\.2\.99:8e3", got/,
    },
    {
      name: "lists the IPv6 hosts after the others",
      caughtBy: "All addresses are returned in the order of the snapshot, and the nodes do not change",
      answer: (nodes) =>
        nodesToAddressTuples(nodes).sort(([a], [b]) => Number(isIPv6(a)) - Number(isIPv6(b))),
    },
  ],
});
