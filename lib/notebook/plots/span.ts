/** The pieces of work that a timeline shows. */
import type { Visit } from "../../peer/visit";

/** A piece of work with a start and an end, such as a visit. `label` says what it was. */
export type Span = Pick<Visit, "startedAt" | "endedAt"> & Partial<Visit> & { label?: string };
