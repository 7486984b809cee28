/** The types of published messages. */
import type { Message } from "@course/lib/wire";

/** A published message, and its payload in hexadecimal. */
export interface Vector {
  title: string;
  source: string;
  message: Message;
  /** Spaces are ignored. */
  hex: string;
}

/** A published payload that is refused, and the code of the error. */
export interface BadVector {
  title: string;
  source: string;
  command: string;
  hex: string;
  code: "MALFORMED" | "OVERSIZED";
  message: string;
}
