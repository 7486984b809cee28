/** The object that tslab, the kernel, makes global for the code it compiles from cells. */
/** What the kernel shares with a cell. */
interface KernelGlobals {
  /** The names that the notebook's cells have declared. */
  exports: Record<string, unknown>;
}

/** Returns the kernel's global object, or undefined outside a kernel. */
export function kernelGlobals(): KernelGlobals | undefined {
  return (globalThis as { __tslab__?: KernelGlobals }).__tslab__;
}
