/** Says why walls do not work on this machine, and what to do. */
import fs from "node:fs";

const APPARMOR = "/proc/sys/kernel/apparmor_restrict_unprivileged_userns";
const PROFILE = [
  "abi <abi/4.0>,",
  "include <tunables/global>",
  "profile bwrap /usr/bin/bwrap flags=(unconfined) {",
  "  userns,",
  "}",
];

export const SEES_OUTSIDE = "a program in it could read a file outside";
export const NOT_ROOT =
  "--isolation user needs root, as in a container: run it there, or with --isolation bubblewrap";
export const NO_SETPRIV = "--isolation user needs setpriv: install util-linux";
/** Returns what makes stronger walls possible on this system. */
export function howToGetBubblewrap(platform: NodeJS.Platform = process.platform): string {
  if (platform === "darwin") return "For walls, grade with sandbox-exec, which is a part of macOS.";
  if (platform !== "linux") return "For walls, grade in WSL or on Linux, with bubblewrap installed.";
  return "For walls, install bubblewrap: `apt-get install bubblewrap`, or the package of that name of your system.";
}

/** Returns why bubblewrap does not work, and the remedy if it is known. */
export function whyBubblewrapFails(problem: string, isForbidden = forbidsNamespaces()): string {
  const why = `bubblewrap is installed but does not work here: ${problem}.`;
  if (isForbidden)
    return [
      why,
      "This system's AppArmor forbids it user namespaces. Allow them: write these lines to /etc/apparmor.d/bwrap,",
      "and run `sudo systemctl reload apparmor`:",
      ...PROFILE.map((line) => `    ${line}`),
    ].join("\n");
  return `${why} In a container, run the grader as root with --isolation user, or let the container create user namespaces.`;
}

/** Returns why the walls of another user do not work, and the remedy. */
export function whyUserFails(problem: string): string {
  return (
    `--isolation user does not work here: ${problem}. The other user must be able to enter the course's folder ` +
    "and that of temporary files, and to read lib/ and node_modules/: put the course where all users may enter, such as /opt"
  );
}

/** Returns whether AppArmor keeps ordinary users from user namespaces, as Ubuntu has it from 23.10 on. */
function forbidsNamespaces(): boolean {
  try {
    return fs.readFileSync(APPARMOR, "utf8").trim() === "1";
  } catch {
    return false;
  }
}
