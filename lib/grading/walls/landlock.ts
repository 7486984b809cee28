/** Landlock by setpriv, from util-linux 2.40 on: the kernel restricts which files a program may open. */
import fs from "node:fs";

/** Devices that programs write to. */
const DEVICES = ["/dev/null", "/dev/zero", "/dev/random", "/dev/urandom"];

const READ_FILE = "read-file,execute";
/** The kernel refuses a rule that lets a file be listed. */
const READ_FOLDER = `${READ_FILE},read-dir`;

/** Returns the arguments of setpriv that let a program read some files and folders, and write others. */
export function landlock(readable: readonly string[], writable: readonly string[]): string[] {
  const rule = (access: string, file: string): string[] => [
    "--landlock-rule",
    `path-beneath:${access}:${file}`,
  ];
  return [
    ...["--landlock-access", "fs"],
    ...readable.flatMap((file) => rule(isFolder(file) ? READ_FOLDER : READ_FILE, file)),
    ...DEVICES.flatMap((file) => rule("read-file,write-file", file)),
    // No names: all accesses.
    ...writable.flatMap((file) => rule("", file)),
  ];
}

function isFolder(file: string): boolean {
  return fs.statSync(file).isDirectory();
}
