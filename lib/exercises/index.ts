/** The exercises of all lessons. */
export { type ExerciseId, exercises } from "./exercises";
export { embedded, embeddedReader, expectRefused, expectSameBytes, expectTaken } from "./shared/byte-checks";
