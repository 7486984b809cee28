/** Recordings of real node software: the bytes it sent. */
export { recordedChunks, type Recording, recordingOf, RECORDINGS } from "./recordings";
