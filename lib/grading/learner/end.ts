/** Ends this process, even if a cell has replaced `process.exit`. */
const { reallyExit } = process as unknown as { reallyExit(code: number): never };

export function end(): never {
  return reallyExit.call(process, 0);
}
