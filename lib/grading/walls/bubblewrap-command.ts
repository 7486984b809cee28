/** The command line of bubblewrap: https://github.com/containers/bubblewrap */
import path from "node:path";
import { isBelow } from "./node-files";

/** The user in whose name the program runs: `nobody`. */
export const NOBODY = 65534;
export const HOME = "/tmp/home";

export interface BubblewrapOptions {
  bwrap: string;
  /**
   * The path of setpriv if the grader is root. A user namespace alone would not do then: root's files, such as
   * those in /proc/sys, can be written by who is root outside, whatever the namespace calls it.
   */
  setpriv?: string;
  /** Whether this version has --disable-userns, and --size. */
  has: { disableUserns: boolean; size: boolean };
  /** Files and folders that can be read, at the same place inside. */
  readable: readonly string[];
  /** Folders of which nothing is there but what `readable` names below them. */
  hidden: readonly string[];
  /** Other files, by their place inside. */
  files: Readonly<Record<string, string>>;
  links: readonly { link: string; target: string }[];
  folder: string;
  /** Whether the program is in the network of who starts it, which then is no other's. */
  sharesNetwork: boolean;
  temporaryBytes: number;
}

/** Returns the beginning of a command that runs what follows it behind walls. */
export function bubblewrapCommand(options: BubblewrapOptions): string[] {
  const { bwrap, setpriv, has, links, folder, sharesNetwork } = options;
  const size = has.size ? ["--size", String(options.temporaryBytes)] : [];
  return [
    bwrap,
    ...(setpriv ? AS_ROOT : [...AS_USER, ...(has.disableUserns ? ["--disable-userns"] : [])]),
    ...(sharesNetwork ? [] : ["--unshare-net"]),
    ...["--unshare-pid", "--unshare-ipc", "--unshare-uts", "--hostname", "learner"],
    ...["--die-with-parent", "--new-session"],
    ...["--proc", "/proc", "--ro-bind-try", "/proc/sys", "/proc/sys"],
    ...["--dev", "/dev", "--remount-ro", "/dev"],
    ...["--perms", "1777", ...size, "--tmpfs", "/tmp", "--perms", "0777", "--dir", HOME],
    ...mounts(options),
    ...links.flatMap(({ link, target }) => ["--symlink", target, link]),
    ...["--remount-ro", "/", "--chdir", folder, "--"],
    ...(setpriv ? [setpriv, ...dropTo(NOBODY)] : []),
  ];
}

/** Returns the beginning of a command that runs what follows it with all files, in a network of its own. */
export function networkCommand(bwrap: string, variables: Readonly<Record<string, string>>): string[] {
  const set = Object.entries(variables).flatMap(([name, value]) => ["--setenv", name, value]);
  return [bwrap, "--dev-bind", "/", "/", "--unshare-net", "--die-with-parent", ...set, "--"];
}

/** Keeps what setpriv needs to become another user, and what it gives up with that. */
const AS_ROOT = ["--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"];
const AS_USER = ["--unshare-user", "--uid", String(NOBODY), "--gid", String(NOBODY), "--cap-drop", "ALL"];

/** Returns the arguments of setpriv for a user who can never get more rights. */
export function dropTo(uid: number): string[] {
  return ["--reuid", String(uid), "--regid", String(uid), "--clear-groups", "--no-new-privs"];
}

/** Returns the options that put files and folders in their places, each after the folders above it. */
function mounts({ readable, hidden, files }: BubblewrapOptions): string[] {
  const hiding = hidden.filter((folder) => isBelow(readable, path.dirname(folder)));
  const places = new Set([...hiding, ...readable, ...Object.keys(files)]);
  const made = new Set<string>();
  const options = [...places]
    .sort((a, b) => a.length - b.length)
    .flatMap((place) => {
      const above = parentsOf(place).filter((parent) => !made.has(parent));
      for (const parent of above) made.add(parent);
      // Without --dir bubblewrap would make the folders above, for their owner alone.
      const folders = above.flatMap((parent) => ["--dir", parent]);
      if (hiding.includes(place)) return [...folders, "--perms", "0755", "--tmpfs", place];
      return [...folders, "--ro-bind", files[place] ?? place, place];
    });
  return [...options, ...hiding.flatMap((folder) => ["--remount-ro", folder])];
}

/** Returns the folders above a path, the outermost first. */
function parentsOf(place: string): string[] {
  const parts = path.dirname(place).split(path.sep).filter(Boolean);
  return parts.map((_, i) => path.sep + parts.slice(0, i + 1).join(path.sep));
}
