/** What commands have in common that serve on a port of this computer until they are stopped. */
import { PracticeError } from "@course/lib/practice";
import { endWithParent } from "./end-with-parent";

/** Ends this process with exit code 0 when it is asked to stop, or when its parent is gone. */
export function exitWhenStopped(): void {
  const stop = () => process.exit(0);
  process.on("SIGINT", stop).on("SIGTERM", stop).on("SIGHUP", stop);
  endWithParent(stop);
}

/**
 * Serves on a port, or on a free one if that is taken, and says so. `byWhom` goes into the sentence, after
 * "is taken".
 */
export async function serveOnOrFree<Server>(
  port: number,
  serve: (port: number) => Promise<Server>,
  byWhom = "",
): Promise<Server> {
  try {
    return await serve(port);
  } catch (error) {
    if (!(error instanceof PracticeError && error.code === "PORT_TAKEN")) throw error;
    console.error(`Port ${port} is taken${byWhom}: using a free one.`);
    return serve(0);
  }
}
