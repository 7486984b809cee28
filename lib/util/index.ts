/** No word of Bitcoin: the clock, files, numbers, random numbers. */
export { backUp, backupFolderOf, backupsIn } from "./backups";
export { now, toUnixMs } from "./clock";
export { replaceFile } from "./files";
export { openFiles, openFilesLimit } from "./open-files";
export { Random } from "./random";
export { UsageError } from "./usage-error";
export { formatCount, requirePositiveInteger } from "./numbers";
export { isRunning } from "./processes";
