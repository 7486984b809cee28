/** Bytes that real node software sent. */
export { recordedChunks, type Recording, recordingOf, RECORDINGS } from "./recordings";
