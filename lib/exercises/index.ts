/** The exercises of all lessons. */
export { type ExerciseId, exercises } from "./exercises";
export { loadExercise } from "./load-exercise";
export { PUBLISHED_VECTORS, type PublishedVector } from "./11-noise/published-vectors";
export { embedded, embeddedReader, expectRefused, expectSameBytes, expectTaken } from "./shared/byte-checks";
