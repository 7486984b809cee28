import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { hasScreen } from "../../scripts/setup/browser";
import { isDebian } from "../../scripts/setup/chromium";
import { forwardedOrigin } from "../../scripts/setup/forwarded";
import { answers, environment, flags } from "../../scripts/setup/jupyter";
import { root } from "../../scripts/setup/paths";
import { NAMED_ONLY, needsOf, testFiles } from "../../scripts/setup/test-needs";
import { countPackages, stampFor, whyNotInstalled } from "../../scripts/setup/venv";

describe("the stamp of an environment", () => {
  test("the stamp of an environment is the same for the same packages and Python", () => {
    expect(stampFor("a==1\n", "3.12")).toBe(stampFor("a==1\n", "3.12"));
  });

  test.each([
    ["a==2\n", "3.12"],
    ["a==1\n", "3.13"],
  ])("the stamp of an environment changes with the packages and with Python: %j, %s", (packages, python) => {
    expect(stampFor(packages, python)).not.toBe(stampFor("a==1\n", "3.12"));
  });
});

test("packages are counted as far as they are for every system", () => {
  expect(countPackages('# a comment\na==1\nb-c.d==2.0\ne==3 ; sys_platform == "win32"\n')).toBe(2);
});

test.each([
  [
    "WARNING: Retrying … after connection broken by 'NewConnectionError'\nERROR: No matching distribution found for anyio==4.16.0",
    /^No package registry could be reached/,
  ],
  ["ReadTimeoutError: Read timed out.", /^No package registry could be reached/],
  [
    "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device",
    /^The disk is full/,
  ],
  [
    "ERROR: No matching distribution found for anyio==4.16.0\nnotice",
    /^pip could not install JupyterLab: ERROR: No matching distribution/,
  ],
])("pip's %j becomes a sentence that says what to do", (output, sentence) => {
  expect(whyNotInstalled(output)).toMatch(sentence);
});

describe("JupyterLab", () => {
  test("JupyterLab listens on 127.0.0.1, on the one port, and calls nobody", () => {
    expect(flags(8888, false)).toEqual(
      expect.arrayContaining([
        "--ServerApp.ip=127.0.0.1",
        "--ServerApp.port=8888",
        "--ServerApp.port_retries=0",
        "--LabApp.extension_manager=readonly",
        "--LabApp.news_url=None",
      ]),
    );
  });

  test("JupyterLab is shown by no proxy outside of a codespace", () => {
    const codespace = { CODESPACES: "true", CODESPACE_NAME: "fuzzy-sniffle" };
    const GITHUB_CODESPACES_PORT_FORWARDING_DOMAIN = "app.github.test";
    const origin = forwardedOrigin({ ...codespace, GITHUB_CODESPACES_PORT_FORWARDING_DOMAIN }, 8890);
    expect(origin).toBe("https://fuzzy-sniffle-8890.app.github.test");
    expect(forwardedOrigin(codespace, 8890)).toBeUndefined();
    expect(forwardedOrigin({ GITHUB_CODESPACES_PORT_FORWARDING_DOMAIN }, 8890)).toBeUndefined();
    expect(flags(8890, false).join()).not.toContain("allow_origin");
  });

  test("JupyterLab is allowed to run as root only when it does", () => {
    expect(flags(8888, true)).toContain("--allow-root");
    expect(flags(8888, false)).not.toContain("--allow-root");
  });

  test("JupyterLab sees none of the user's own Jupyter and Python settings, and keeps the rest", () => {
    const env = environment(
      {
        PATH: "/bin",
        JUPYTER_PATH: "/theirs",
        JUPYTER_CONFIG_DIR: "/theirs",
        PYTHONPATH: "/theirs",
        PYTHONUNBUFFERED: "1",
      },
      "/run",
    );
    expect(Object.values(env)).not.toContain("/theirs");
    expect(env).toMatchObject({ PATH: "/bin", PYTHONUNBUFFERED: "1", JUPYTER_RUNTIME_DIR: "/run" });
  });
});

describe("what tests need", () => {
  const files = [
    "test/wire/bytes.test.ts",
    "test/kernel/kernel.test.ts",
    "test/browser/lab.test.ts",
    "test/handout/nbgrader.test.ts",
    "test/hub/hub.test.ts",
  ];

  test.each([
    [[], true, true, false, false],
    [["test/wire/bytes.test.ts"], false, false, false, false],
    [["./test/wire/bytes.test.ts"], false, false, false, false],
    [["kernel"], true, false, false, false],
    [["test/browser"], true, true, false, false],
    [["bytes", "browser"], true, true, false, false],
    [["handout"], true, false, true, false],
    [["test/hub"], true, false, false, true],
    [["-t", "some title"], true, true, false, false],
    [["-t", "some title", "bytes"], false, false, false, false],
  ])(
    "the tests %j need JupyterLab: %s, a browser: %s, nbgrader: %s, a hub: %s",
    (args, jupyter, browser, nbgrader, hub) => {
      expect(needsOf(args, files)).toMatchObject({ jupyter, browser, nbgrader, hub });
    },
  );

  test("npm test leaves out what takes minutes unless a file of it is named", () => {
    expect(needsOf([], files).leftOut).toEqual(NAMED_ONLY);
    expect(needsOf(["hub", "bytes"], files).leftOut).toEqual(
      NAMED_ONLY.filter((named) => named !== "test/hub/"),
    );
  });

  test("all that npm test leaves out runs in CI", () => {
    const lines = readFileSync(path.join(root, ".ci", "run"), "utf8").split("\n");
    const named = lines.flatMap((line) => /\bnpm test (test\/.*)/.exec(line)?.[1].split(" ") ?? []);
    const leftOut = testFiles().filter((file) => NAMED_ONLY.some((one) => file.startsWith(one)));
    expect(leftOut.filter((file) => !named.some((one) => file.includes(one)))).toEqual([]);
    expect(new Set(leftOut.map((file) => NAMED_ONLY.find((one) => file.startsWith(one)))).size).toBe(
      NAMED_ONLY.length,
    );
  });
});

test.each([
  ["linux", {}, false],
  ["linux", { DISPLAY: ":0" }, true],
  ["linux", { WAYLAND_DISPLAY: "wayland-0" }, true],
  ["linux", { BROWSER: "firefox" }, true],
  ["darwin", {}, true],
] as const)("on %s with %o there is a screen: %s", (platform, env, screen) => {
  expect(hasScreen(env, platform)).toBe(screen);
});

test.each([
  ["ID=debian\n", true],
  ['NAME="Debian GNU/Linux"\nID="debian"\n', true],
  ["ID=ubuntu\nID_LIKE=debian\n", false],
  ["", false],
])("%j is Debian: %s", (text, debian) => {
  expect(isDebian(text)).toBe(debian);
});

// Two courses that start in the same moment want one port: the one that did not get it asked the other's server.
test("a Jupyter server that leads to its login, since the token is not its own, is not taken for ours", async () => {
  const server = createServer(({ url, headers }, response) => {
    if (url === "/lab" && headers.authorization !== "token ours")
      response.writeHead(302, { location: "/login" });
    response.end("a page");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const page = `http://127.0.0.1:${(server.address() as AddressInfo).port}/lab`;
  expect(await answers(page, "ours")).toBe(true);
  expect(await answers(page, "theirs")).toBe(false);
});
