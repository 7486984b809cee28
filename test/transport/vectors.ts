/** Reads the published vectors of BIP 324 (vectors/README.md). */
import fs from "node:fs";
import path from "node:path";

type Row<Column extends string> = Record<Column, string>;

function rowsOf<Column extends string>(name: string): Row<Column>[] {
  const file = path.join(import.meta.dirname, "vectors", `${name}_test_vectors.csv`);
  const [columns, ...lines] = fs
    .readFileSync(file, "utf8")
    .trim()
    .split(/\r?\n/)
    .map((line) => line.split(","));
  return lines.map(
    (line) => Object.fromEntries(columns.map((column, i) => [column, line[i]])) as Row<Column>,
  );
}

export const DECODE_VECTORS = rowsOf<"ellswift" | "x" | "comment">("ellswift_decode");
export const INVERSE_VECTORS = rowsOf<"u" | "x" | "comment" | `case${number}_t`>("xswiftec_inv");
export const PACKET_VECTORS = rowsOf<
  | `in_${"idx" | "priv_ours" | "ellswift_ours" | "ellswift_theirs" | "initiating" | "contents"}`
  | `in_${"multiply" | "aad" | "ignore"}`
  | `mid_x_${"ours" | "theirs" | "shared"}`
  | `mid_${"initiator" | "responder"}_${"l" | "p"}`
  | `mid_${"send" | "recv"}_garbage_terminator`
  | "mid_shared_secret"
  | `out_${"session_id" | "ciphertext" | "ciphertext_endswith"}`
>("packet_encoding");
