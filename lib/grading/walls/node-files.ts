/** What Node.js itself needs to run where nothing else is. */
import fs from "node:fs";
import path from "node:path";

/** Folders of the system that programs need. Courses and submissions may lie in others, such as /usr/src. */
const SYSTEM = [
  "/usr/bin",
  "/usr/sbin",
  "/usr/lib",
  "/usr/lib32",
  "/usr/lib64",
  "/usr/libexec",
  "/usr/share",
  "/usr/local/bin",
  "/usr/local/lib",
];
/** Where all programs of a system without /usr/lib lie. */
const STORES = ["/nix/store", "/gnu/store"];
const TOP = ["/bin", "/sbin", "/lib", "/lib32", "/lib64"];
/** No names of users or machines are in these. */
const SETTINGS = [
  "ld.so.cache",
  "ld.so.conf",
  "ld.so.conf.d",
  "alternatives",
  "localtime",
  "ssl/openssl.cnf",
];

/** Returns the folders and files of the system that are there, without links. */
export function systemFiles(): string[] {
  const settings = SETTINGS.map((name) => path.join("/etc", name));
  const stores = STORES.filter((store) => process.execPath.startsWith(`${store}/`));
  const top = TOP.filter((folder) => isThere(folder) && !fs.lstatSync(folder).isSymbolicLink());
  return [...SYSTEM, ...stores, ...top, ...settings].filter(isThere);
}

/** Returns the links to folders of /usr that stand in for /bin and /lib on newer systems. */
export function systemLinks(): { link: string; target: string }[] {
  const links = TOP.filter((folder) => isThere(folder) && fs.lstatSync(folder).isSymbolicLink());
  return links.map((link) => ({ link, target: fs.readlinkSync(link) }));
}

/** Returns Node's folder, and the libraries that it has loaded, if they lie outside the system's folders. */
export function nodeFiles(): string[] {
  const folder = path.dirname(fs.realpathSync(process.execPath));
  const maps = fs.readFileSync("/proc/self/maps", "utf8");
  const loaded = [...maps.matchAll(/ r-xp .* (\/\S+\.so[.\d]*)$/gm)].map(([, file]) => file);
  const outside = [...new Set([folder, path.dirname(process.execPath), ...loaded])];
  return outside.filter((file) => !isBelow([...SYSTEM, ...STORES, ...TOP], file));
}

/** Returns whether a path is one of these folders, or below one. */
export function isBelow(folders: readonly string[], file: string): boolean {
  return folders.some((folder) => file === folder || file.startsWith(`${folder}${path.sep}`));
}

/** Returns the paths that are below no other, each once. */
export function outermost(paths: readonly string[]): string[] {
  const unique = [...new Set(paths)];
  return unique.filter((file) => !isBelow(unique, path.dirname(file)));
}

function isThere(file: string): boolean {
  return fs.existsSync(file);
}
