/** Servers with TLS: whose certificate is trusted, and what is said of the others. */
import { type FrontierServer, joinCrawl } from "@course/lib/frontier";
import { execFile, execFileSync } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { root } from "../../scripts/setup/paths";
import { remove, temporaryFolder } from "../helpers/course";
import { freePort } from "../../scripts/setup/port";
import { PROGRAM } from "../helpers/limits";
import { address, hasServer, refusal, server, useServer } from "./servers";

/** Whether this computer can make certificates. */
const hasOpenssl = ((): boolean => {
  try {
    return execFileSync("openssl", ["version"], { encoding: "utf8" }).startsWith("OpenSSL 3");
  } catch {
    return false;
  }
})();

const { connect } = useServer();
let folder: string;
let own: FrontierServer;
let port: number;
const file = (name: string): string => path.join(folder, name);
const openssl = (words: string): void =>
  void execFileSync("openssl", words.split(" "), { cwd: folder, stdio: "ignore" });
const configure = (...words: (string | number)[]): Promise<unknown> =>
  connect("", own.url).ask(["CONFIG", "SET", ...words]);

/** Makes a certificate for one address, signed by `ca.crt`. */
function certify(name: string, host: string): void {
  openssl(
    `req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=${name} -addext subjectAltName=IP:${host} -keyout ${name}.key -out ${name}.csr`,
  );
  openssl(
    `x509 -req -in ${name}.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 2 -copy_extensions copy -out ${name}.crt`,
  );
}

const show = (name: string): Promise<unknown> =>
  configure(
    "tls-cert-file",
    file(`${name}.crt`),
    "tls-key-file",
    file(`${name}.key`),
    "tls-ca-cert-file",
    file("ca.crt"),
  );

describe.runIf(hasServer && hasOpenssl)("a server with TLS", () => {
  beforeAll(async () => {
    folder = await temporaryFolder();
    openssl(
      "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=CA -keyout ca.key -out ca.crt",
    );
    certify("here", "127.0.0.1");
    own = await server();
    port = await freePort();
    await configure("bind", "127.0.0.1");
    await show("here");
    await configure("tls-auth-clients", "no");
    await configure("tls-port", port);
    await configure("requirepass", "geheim");
  }, PROGRAM);
  afterAll(async () => {
    await own.stop();
    await remove(folder);
  });

  const joining = (url: string) =>
    refusal(joinCrawl(connect("x", url), "w", { network: "practice" }, [address(0)]));

  test("a server with TLS is refused with a sentence if its certificate is not trusted, and NODE_EXTRA_CA_CERTS is what makes it so", async () => {
    const url = `rediss://:geheim@127.0.0.1:${port}`;
    const refused = await joining(url);
    expect(refused).toMatchObject({
      code: "UNTRUSTED",
      message: expect.stringMatching(/does not trust \(self.signed certificate.*NODE_EXTRA_CA_CERTS/),
    });
    expect(refused.message).not.toContain("geheim");
    const program = `
      const { ServerConnection, joinCrawl } = require("@course/lib/frontier");
      const seeds = [["192.0.2.1", 8333]];
      const connection = new ServerConnection(process.env.FRONTIER_URL, "tls");
      joinCrawl(connection, "w", { network: "practice" }, seeds).then(
        ({ isNew }) => { console.log("begun", isNew); connection.close(); }, console.error);`;
    const trusting = { ...process.env, FRONTIER_URL: url, NODE_EXTRA_CA_CERTS: file("ca.crt") };
    const { stdout } = await promisify(execFile)(process.execPath, ["-e", program], {
      cwd: root,
      env: trusting,
    });
    expect(stdout).toBe("begun true\n");
  });

  test("a server with TLS that is called without is an error that says how its address begins", async () => {
    const plain = await joining(`redis://127.0.0.1:${port}`);
    expect(plain).toMatchObject({
      code: "NO_ANSWER",
      message: expect.stringContaining("With TLS it begins with rediss://"),
    });
  });
});
