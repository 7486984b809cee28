/** The commands that walls are made of. Those of macOS are not run here. */
import fs from "node:fs";
import path from "node:path";
import {
  bubblewrapCommand,
  type BubblewrapOptions,
  chooseWalls,
  courseFiles,
  howToGetBubblewrap,
  landlock,
  permissionFlags,
  sandboxProfile,
  whyBubblewrapFails,
} from "@course/lib/grading/walls";
import { describe, expect, test } from "vitest";
import { root } from "../../scripts/setup/paths";

const bubblewrap: BubblewrapOptions = {
  bwrap: "/usr/bin/bwrap",
  has: { disableUserns: true, size: true },
  readable: ["/usr/lib", "/usr/lib/course/lib", "/usr/lib/course/class/1"],
  hidden: ["/usr/lib/course"],
  files: { "/etc/hosts": "/tmp/x/hosts" },
  links: [{ link: "/lib", target: "usr/lib" }],
  folder: "/usr/lib/course/class/1",
  sharesNetwork: false,
  temporaryBytes: 1000,
};

describe("bubblewrap's command", () => {
  test("bubblewrap's command gives a program its own network, processes and users, and ends with its parent", () => {
    const command = bubblewrapCommand(bubblewrap);
    for (const option of ["net", "pid", "user", "ipc"]) expect(command).toContain(`--unshare-${option}`);
    expect(command).toEqual(
      expect.arrayContaining(["--die-with-parent", "--new-session", "--disable-userns"]),
    );
    expect(command.at(-1)).toBe("--");
  });

  test("bubblewrap's command leaves the network alone that is the judge's", () => {
    expect(bubblewrapCommand({ ...bubblewrap, sharesNetwork: true })).not.toContain("--unshare-net");
  });

  test("bubblewrap's command becomes another user for good where the grader is root", () => {
    const command = bubblewrapCommand({ ...bubblewrap, setpriv: "/bin/setpriv" });
    expect(command).not.toContain("--unshare-user");
    expect(command.slice(command.indexOf("--") + 1)).toEqual(
      "/bin/setpriv --reuid 65534 --regid 65534 --clear-groups --no-new-privs".split(" "),
    );
  });

  test("bubblewrap's command hides a course that lies in a folder of the system, but for what a program may read of it", () => {
    const command = bubblewrapCommand(bubblewrap).join(" ");
    const places = [
      "--ro-bind /usr/lib /usr/lib",
      "--tmpfs /usr/lib/course",
      "--dir /usr/lib/course --ro-bind /usr/lib/course/lib /usr/lib/course/lib",
      "--dir /usr/lib/course/class --ro-bind /usr/lib/course/class/1 /usr/lib/course/class/1",
      "--remount-ro /usr/lib/course",
    ].map((part) => command.indexOf(part));
    expect(places).not.toContain(-1);
    expect(places).toEqual([...places].sort((a, b) => a - b));
  });

  test("bubblewrap's command leaves out what older versions do not know", () => {
    const command = bubblewrapCommand({ ...bubblewrap, has: { disableUserns: false, size: false } });
    expect(command).not.toContain("--disable-userns");
    expect(command).not.toContain("--size");
  });
});

test("macOS's profile denies all but the course's files, its own folder and this machine", () => {
  const profile = sandboxProfile(["/course/lib"], ["/tmp/home"]);
  expect(profile).toMatch(/^\(version 1\)\n\(deny default\)\n/);
  expect(profile).toMatch(
    /\(allow file-read\* file-map-executable \(subpath "\/course\/lib"\) \(subpath "\/tmp\/home"\)\)/,
  );
  expect(profile).toMatch(/\(allow file-write\* \(subpath "\/tmp\/home"\) /);
  expect(profile.match(/\(allow network-outbound .*/g)).toEqual([
    '(allow network-outbound (remote ip "localhost:*"))',
  ]);
  expect(profile).not.toMatch(/127\.0\.0\.1/);
  const depth = [...profile].reduce(
    (open, letter) => open + (letter === "(" ? 1 : letter === ")" ? -1 : 0),
    0,
  );
  expect(depth).toBe(0);
});

test.each([
  ["20.20.2", "--experimental-permission", false],
  ["22.12.0", "--experimental-permission", false],
  ["22.13.0", "--permission", false],
  ["23.4.0", "--experimental-permission", false],
  ["24.0.0", "--permission", false],
  ["25.1.0", "--permission", true],
])("Node.js %s is told %s", (version, flag, hasNetwork) => {
  const flags = permissionFlags([root, path.join(root, "lib")], [], version);
  expect(flags.slice(0, 2)).toEqual([flag, `--allow-fs-read=${path.join(root, "*")}`]);
  expect(flags.filter((one) => one.startsWith("--allow-fs"))).toHaveLength(1);
  expect(flags.includes("--allow-net")).toBe(hasNetwork);
});

test("Landlock lists folders, and no files", () => {
  const rules = landlock([root, path.join(root, "package.json")], ["/tmp"]);
  expect(rules).toContain(`path-beneath:read-file,execute,read-dir:${root}`);
  expect(rules).toContain(`path-beneath:read-file,execute:${path.join(root, "package.json")}`);
  expect(rules).toContain("path-beneath::/tmp");
});

test("the course's files are lib/, packages and package.json", () => {
  expect(courseFiles()).toEqual(
    ["lib", "node_modules", "package.json"].map((name) => path.join(fs.realpathSync(root), name)),
  );
});

test("the remedy names AppArmor's profile where that forbids user namespaces", () => {
  expect(whyBubblewrapFails("setting up uid map: Permission denied", true)).toMatch(
    /\/etc\/apparmor\.d\/bwrap/,
  );
  expect(whyBubblewrapFails("no permission", false)).not.toMatch(/AppArmor/);
  expect(howToGetBubblewrap("linux")).toMatch(/apt-get install bubblewrap/);
});

test.runIf(process.platform === "linux")("walls that are not for this system are a wrong call", async () => {
  await expect(chooseWalls("sandbox-exec")).rejects.toThrow(expect.objectContaining({ name: "UsageError" }));
});
