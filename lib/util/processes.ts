/** Asks about other processes of this machine. */

/** Returns whether a process with this id is running, under any user. */
export function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM"; // it runs, and belongs to another user
  }
}
