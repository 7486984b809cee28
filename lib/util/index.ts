/** Helps the other rooms, and knows nothing of Bitcoin: the clock, files, numbers, random numbers. */
export { backUp, backupFolderOf, backupsIn } from "./backups";
export { now, toUnixMs } from "./clock";
export { replaceFile } from "./files";
export { indented } from "./indent";
export { watchTimers } from "./late-timers";
export { formatCount } from "./numbers";
export { openFiles, openFilesLimit } from "./open-files";
export { isRunning } from "./processes";
export { findProgram } from "./programs";
export { Random } from "./random";
export { UsageError } from "./usage-error";
