/** The kernel's side of a cell, when there is one. */
export interface KernelGlobals {
  /** The names that the notebook's cells have declared. */
  exports: Record<string, unknown>;
}

/** The names of the notebook we run in, or undefined outside of a kernel. */
export function kernelGlobals(): KernelGlobals | undefined {
  return (globalThis as { __tslab__?: KernelGlobals }).__tslab__;
}
