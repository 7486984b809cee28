/**
 * How long a test or a hook may take, in milliseconds, by what it starts.
 *
 * These limits only end what would never end: they are generous, for machines that are slow or busy.
 */

/** Programs of the course, JupyterLab among them. */
export const PROGRAM = 120_000;
/** A notebook in the real kernel. */
export const KERNEL = 180_000;
/** JupyterLab in a Chromium. */
export const BROWSER = 240_000;
