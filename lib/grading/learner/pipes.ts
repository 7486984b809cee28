/**
 * The pipes of a learner's process: 3 takes what it sends, 4 brings what it is asked, and 5 brings the replies to what
 * it asks itself, for which it waits with everything else.
 */
import fs from "node:fs";
import net from "node:net";
import type { FromLearner, SideMessage, ToLearner } from "../between/messages";
import { end } from "./end";

const [OUT, IN, REPLIES] = [3, 4, 5];

// As they are before any cell runs: cells can replace what they find on globals and modules.
const { writeSync, readSync } = fs;
const { stringify, parse } = JSON;
const bytesOf = Buffer.from.bind(Buffer) as (text: string) => Buffer;

/** Sends a line. It is written when this returns: the code that runs next may end or block this process. */
export function send(message: FromLearner | SideMessage): void {
  let line = bytesOf(`${stringify(message)}\n`);
  while (line.length > 0) line = line.subarray(writeSync(OUT, line));
}

let left = Buffer.alloc(0);
const chunk = Buffer.alloc(65_536);

/** Waits for the reply to what was just asked. */
export function nextReply(): SideMessage {
  for (;;) {
    const newline = left.indexOf(10);
    if (newline !== -1) {
      const line = left.toString("utf8", 0, newline);
      left = left.subarray(newline + 1);
      return parse(line) as SideMessage;
    }
    const length = readSync(REPLIES, chunk);
    if (length === 0) end();
    left = Buffer.concat([left, chunk.subarray(0, length)]);
  }
}

/** Calls `listener` with each message that arrives. The process ends with the pipe. */
export function onMessage(listener: (message: ToLearner) => void): void {
  const parts: string[] = [];
  new net.Socket({ fd: IN, readable: true, writable: false })
    .setEncoding("utf8")
    .on("data", (text: unknown) => {
      const lines = (text as string).split("\n");
      for (const [i, line] of lines.entries()) {
        parts.push(line);
        if (i < lines.length - 1) listener(parse(parts.splice(0).join("")) as ToLearner);
      }
    })
    .on("end", end)
    .on("error", end);
}
