/**
 * A learner's process: it runs the cells of a notebook, and hands over the answers.
 *
 *  1. gets its job: compiled cells
 *  2. runs them with the kernel's own executor, cut off from the network, each within a time limit
 *  3. for each exercise that the grader names, says what its answer is: a function, by a number
 *  4. calls it when the judge asks for it, and says what it returned
 *
 * There is no check in this process, and no verdict. Whatever the code of the cells does to it, all that it can say is
 * what an answer has returned. It says what comes next before each step: if a step never ends, the grader knows which.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { setImmediate as turn } from "node:timers/promises";
import { HERE } from "../../checks/place/answer-place";
import { kernel } from "../../kernel/kernel";
import { reachPackagesFrom } from "../../kernel/outside";
import type { FromLearner, LearnerJob, SideMessage, ToLearner } from "../between/messages";
import { markOf } from "../between/messages";
import type { Ask, Reply } from "../between/requests";
import { Side } from "../between/side";
import { summaryOf } from "../text";
import { CellKernel } from "./cells";
import { end } from "./end";
import { cutNetwork } from "./no-network";
import { isSolution, libraryFunction, watchSolutions } from "./own-work";
import { nextReply, onMessage, send } from "./pipes";

const HEARTBEAT_MS = 250;

/** What runs: the cell with this position, or the answer to this exercise. */
const origin = new AsyncLocalStorage<{ position?: number; exercise?: string }>();
let exercise = "";
let locals: Record<string, unknown> = {};
let asked = 0;

const side = new Side(
  {
    ask(request: Ask): Reply {
      const number = ++asked;
      send({ ask: number, request });
      const message = nextReply();
      if (!("reply" in message) || message.reply !== number) throw new Error("a reply to something else");
      return message.outcome;
    },
    notify: (notice) => send({ notice }),
  },
  { placesOf: (error) => kernel()?.placesOf(error) ?? [] },
);

/** Thrown by `process.exit`: stops its caller until the grader has received the message. */
const EXIT = new Error("process.exit() ends the kernel");
process.exit = () => {
  send({ kind: "exit", position: origin.getStore()?.position });
  setImmediate(end);
  throw EXIT;
};

process.on("unhandledRejection", (reason) =>
  reportUncaught(`a promise was rejected and not awaited: ${summaryOf(reason)}`),
);
process.on("uncaughtException", (error) => {
  if (error !== EXIT) reportUncaught(`an error in a callback was not caught: ${summaryOf(error)}`);
});
setInterval(() => send({ kind: "heartbeat" }), HEARTBEAT_MS).unref();
onMessage(handleMessage);
send({ kind: "started" });

function handleMessage(message: ToLearner): void {
  if ("job" in message) void runCells(message.job);
  else if ("begin" in message) handOver(message.begin);
  else origin.run({ exercise }, () => handleSideMessage(message));
}

function handleSideMessage(message: SideMessage): void {
  if ("ask" in message) send({ reply: message.ask, outcome: side.answer(message.request) });
  else if ("notice" in message) side.onNotice(message.notice);
}

async function runCells({ cells, sideOutputs, standIns, exercises, uses }: LearnerJob): Promise<void> {
  const restoreSockets = cutNetwork();
  // Notebooks of COURSE_WORK are not in the course's folder.
  reachPackagesFrom(process.cwd());
  const cellKernel = new CellKernel(sideOutputs);
  locals = cellKernel.locals;
  for (const one of standIns) locals[one.id] = libraryFunction(one);
  const graded = exercises.map(({ id }) => id);
  watchSolutions(exercises, (id) => {
    if (id === exercise) send({ kind: "usedSolution", exercise: id });
  });
  for (const cell of cells) {
    const { position, whole, needs } = cell;
    send({ kind: "cell", position });
    for (const piece of cell.pieces) {
      if (piece.standInFor !== undefined && graded.includes(piece.standInFor)) continue;
      const problem = await origin.run({ position }, () => cellKernel.run(cell, piece));
      if (!problem) continue;
      const missing = needs.filter((name) => !whole || locals[name] === undefined);
      send({ kind: "cellFailed", position, ...problem, missing });
    }
    // Let immediates that this cell has scheduled run before the next cell.
    await turn();
    await turn();
  }
  cellKernel.finishImports(uses);
  restoreSockets();
  send({ kind: "cellsDone" });
}

function handOver(id: string): void {
  exercise = id;
  const answer = locals[id];
  process.stdout.write(markOf(id));
  process.stderr.write(markOf(id));
  const message: FromLearner = {
    kind: "answer",
    exercise: id,
    answer: side.encode(answer),
    place: side.encode(HERE),
    isLibrarySolution: isSolution(answer),
  };
  send(message);
}

/** Reports an uncaught error as the exercise's or as the cell's that started it; as position 0 if neither is known. */
function reportUncaught(text: string): void {
  const from = origin.getStore();
  if (from?.exercise !== undefined) send({ kind: "uncaught", exercise: from.exercise, text });
  else send({ kind: "cellFailed", position: from?.position ?? 0, text, slow: false, missing: [] });
}
