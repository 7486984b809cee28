/** The pieces of work that a timeline shows. */
import type { Visit } from "../../peer/visit";

/** A piece of work with a start and an end, for example a visit. `label` is shown when the mouse is over it. */
export type Span = Pick<Visit, "startedAt" | "endedAt"> & Partial<Visit> & { label?: string };
