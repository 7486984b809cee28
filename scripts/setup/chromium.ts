/**
 * Finds or installs a Chromium for the tests that need a browser.
 *
 * It looks at CHROMIUM_PATH, on the PATH, in macOS's folder of programs, and in Playwright's cache. As root
 * on Debian it installs Debian's package, elsewhere Playwright's Chromium.
 */
import { readFileSync } from "node:fs";
import { access, readdir } from "node:fs/promises";
import path from "node:path";
import { findProgram } from "@course/lib/util";
import { Failure } from "../cli/failure";
import { root } from "./paths";
import { type ProcessOutcome, run, type RunOptions } from "./processes";
import { step } from "../cli/steps";

const ON_PATH = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const MAC_APPS = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];
const SHELL = /[/\\](chrome-)?headless[_-]shell(\.exe)?$/;

/**
 * Resolves to the program to start; undefined if there is none.
 *
 * @throws Failure if CHROMIUM_PATH names a program that does not start as a Chromium.
 */
export async function findChromium(signal?: AbortSignal): Promise<string | undefined> {
  const asked = process.env.CHROMIUM_PATH;
  if (asked) {
    if (await works(asked, signal)) return asked;
    throw new Failure(
      `CHROMIUM_PATH is "${asked}", which does not start: set it to a Chromium, or unset it to have one found.`,
    );
  }
  for (const candidate of [...ON_PATH, ...MAC_APPS, ...(await inPlaywrightsCache())]) {
    if (await works(candidate, signal))
      return candidate.includes(path.sep) ? candidate : (findProgram(candidate) ?? candidate);
  }
  return undefined;
}

/**
 * Returns whether a program is a Chromium that starts.
 *
 * Ubuntu's chromium-browser may only say how to install it.
 */
async function works(program: string, signal?: AbortSignal): Promise<boolean> {
  const { status, output } = await run(program, ["--version"], { signal });
  return status === 0 && /chrom/i.test(output);
}

/** Returns the Chromiums that Playwright's installer has installed for this version of Playwright. */
async function inPlaywrightsCache(): Promise<string[]> {
  // Imported here, since Playwright is a development dependency and learners exchange solutions without it.
  const { chromium } = await import("playwright-core");
  const whole = chromium.executablePath();
  const [, cache, revision] = /^(.*)[/\\]chromium-(\d+)[/\\]/.exec(whole) ?? [];
  if (!cache) return [];
  const shellFolder = path.join(cache, `chromium_headless_shell-${revision}`);
  const names = await readdir(shellFolder, { recursive: true }).catch(() => []);
  const shells = names.map((name) => path.join(shellFolder, name)).filter((file) => SHELL.test(file));
  return (await isThere(whole)) ? [...shells, whole] : shells;
}

async function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

/** Installs a Chromium, and resolves to its program; undefined if that fails. */
export async function installChromium(signal?: AbortSignal): Promise<string | undefined> {
  const installers = usesDebianPackages() ? [installDebians, installPlaywrights] : [installPlaywrights];
  for (const install of installers) {
    const { status, output } = await install(signal);
    if (status === 0) return findChromium(signal);
    if (output) console.error(output.split("\n").find((line) => /error|failed/i.test(line)) ?? output);
  }
  return undefined;
}

/** Returns whether to install Debian's package: only as root, and not on Ubuntu, whose Chromium is a snap. */
function usesDebianPackages(): boolean {
  return process.getuid?.() === 0 && isDebian(textOf("/etc/os-release"));
}

/** Returns whether this text of /etc/os-release is Debian's. */
export function isDebian(osRelease: string): boolean {
  return /^ID="?debian"?$/m.test(osRelease);
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

async function installDebians(signal?: AbortSignal): Promise<ProcessOutcome> {
  const packages = ["chromium", "fonts-liberation", "fonts-noto-color-emoji"];
  return step("Installing Debian's Chromium for the browser tests", async (showDetail) => {
    const options: RunOptions = {
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
      onLine: showDetail,
      signal,
    };
    await run("apt-get", ["update"], options);
    return run("apt-get", ["install", "--yes", "--no-install-recommends", ...packages], options);
  });
}

async function installPlaywrights(signal?: AbortSignal): Promise<ProcessOutcome> {
  const cli = path.join(root, "node_modules", "playwright-core", "cli.js");
  return step("Installing Playwright's Chromium for the browser tests", (showDetail) =>
    run(process.execPath, [cli, "install", "chromium-headless-shell"], { onLine: showDetail, signal }),
  );
}
