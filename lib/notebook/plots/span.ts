import type { Visit } from "../../peer/visit";

/** A visit, or any other piece of work that was begun and ended: `label` says what it was. */
export type Span = Pick<Visit, "startedAt" | "endedAt"> & Partial<Visit> & { label?: string };
