/** Every message of the recordings, with its header, for the checks of lessons one and two. */
import { concat } from "../../wire/bytes";
import { HEADER_LENGTH } from "../../wire/packet";
import { type Recording, RECORDINGS, recordedChunks } from "../../recordings/recordings";

interface RecordedMessage {
  /** Its command and its sender: `version of btcd 0.26.2`. */
  title: string;
  command: string;
  /** Header and payload. */
  bytes: Uint8Array;
  payload: Uint8Array;
}

export const RECORDED_MESSAGES: readonly RecordedMessage[] = RECORDINGS.flatMap(messagesOf);

/** The version messages among them. */
export const RECORDED_VERSIONS: readonly RecordedMessage[] = RECORDED_MESSAGES.filter(
  ({ command }) => command === "version",
);

function messagesOf(recording: Recording): RecordedMessage[] {
  let rest = concat(recordedChunks(recording));
  return recording.messages.map(({ command, length }) => {
    const bytes = rest.subarray(0, HEADER_LENGTH + length);
    rest = rest.subarray(bytes.length);
    const title = `${command} of ${recording.software} ${recording.version}`;
    return { title, command, bytes, payload: bytes.subarray(HEADER_LENGTH) };
  });
}
