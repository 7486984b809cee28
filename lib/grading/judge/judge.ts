/**
 * The judge: a thread of the grader in which checks run, while the answers that they try are in a learner's process.
 *
 * A check calls an answer and goes on when it has returned, so this thread has to wait for the reply with everything
 * else: for messages of its port, and for nothing besides. The grader's main thread moves them to and from the pipes.
 */
import { setImmediate as turn } from "node:timers/promises";
import { parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";
import type { Exercise } from "../../checks/exercise";
import { type AnswerPlace, setAnswerPlace } from "../../checks/place/answer-place";
import { runChecks, type Verdict } from "../../checks/run-checks";
import { loadExercise } from "../../exercises/load-exercise";
import type { CellPlace, KernelGlobals } from "../../kernel/kernel";
import { watchTimers } from "../../util/late-timers";
import { BadMessage, type Coded } from "../between/coded";
import type { SideMessage } from "../between/messages";
import type { Ask, Reply } from "../between/requests";
import { Side } from "../between/side";
import { leftovers, openNow } from "./leftovers";
import { type MoreChecks, withMoreChecks } from "./more-checks";

/** To the judge: which exercise to judge, and what the learner's process sends. */
export type ToJudge =
  /** A new learner's process begins. */
  { meet: true } | { judge: string; answer: Coded; place: Coded; more: MoreChecks } | { line: string };

/** From the judge: the verdict, what to send to the learner's process, or what that should not have sent. */
export type FromJudge = Judgement | { toLearner: SideMessage; isReply: boolean } | { nonsense: string };

export interface Judgement {
  verdict: Verdict;
  /** How late timers were at most while the answer was tried, here and there, in milliseconds. */
  lateMs: number;
}

const port = parentPort!;
const { arrived } = workerData as { arrived: Int32Array };

const placesOfErrors = new WeakMap<Error, CellPlace[]>();
(globalThis as { __tslab__?: KernelGlobals }).__tslab__ = {
  exports: {},
  kernel: {
    cells: [],
    signal: new AbortController().signal,
    placesOf: (error) => placesOfErrors.get(error) ?? [],
    collectUncaught: async (work) => ({ result: await work(), uncaught: [] }),
  },
};

let asked = 0;
let side = newSide();

function newSide(): Side {
  return new Side(
    { ask, notify: (notice) => send({ notice }, false) },
    {
      threwAt: (error, places) => placesOfErrors.set(error, places),
      tooLarge: (why) => new Error(`what it returned cannot be judged: ${why}`),
    },
  );
}

function ask(request: Ask): Reply {
  const number = ++asked;
  send({ ask: number, request }, false);
  for (;;) {
    const message = nextMessage();
    if (!("line" in message)) continue;
    const sent = parse(message.line);
    if (sent && "reply" in sent && sent.reply === number) return sent.outcome;
    if (sent) handleSideMessage(sent);
  }
}

/** Waits for the next message of the port. */
function nextMessage(): ToJudge {
  for (;;) {
    const before = Atomics.load(arrived, 0);
    const got = receiveMessageOnPort(port);
    if (got) return got.message;
    Atomics.wait(arrived, 0, before);
  }
}

function parse(line: string): SideMessage | undefined {
  try {
    return JSON.parse(line) as SideMessage;
  } catch {
    post({ nonsense: line.slice(0, 1000) });
    return undefined;
  }
}

function handleSideMessage(message: SideMessage): void {
  try {
    if ("ask" in message) send({ reply: message.ask, outcome: side.answer(message.request) }, true);
    else if ("notice" in message) side.onNotice(message.notice);
    else throw new BadMessage("a reply to nothing");
  } catch (error) {
    post({ nonsense: `${(error as Error).message}: ${JSON.stringify(message).slice(0, 1000)}` });
  }
}

function send(message: SideMessage, isReply: boolean): void {
  post({ toLearner: message, isReply });
}

function post(message: FromJudge): void {
  port.postMessage(message);
}

port.on("message", (message: ToJudge) => {
  if ("meet" in message) side = newSide();
  else if ("judge" in message) void judge(message);
  else {
    const sent = parse(message.line);
    if (sent) handleSideMessage(sent);
  }
});

/** Lets what is settled here get there before the turns of the other event loop are counted. */
function placeFrom(place: AnswerPlace): AnswerPlace {
  return {
    ...place,
    async turns(count) {
      await turn();
      await place.turns(count);
    },
  };
}

async function judge(asked: Extract<ToJudge, { judge: string }>): Promise<void> {
  const { judge: id, answer, place, more } = asked;
  const exercise = withMoreChecks(loadExercise(id), more);
  try {
    post(await verdictOn(exercise, answer, place));
  } catch (error) {
    // Checks do not throw: something in the learner's process is not what it was.
    post({ nonsense: (error as Error).message });
    post({ verdict: { status: "failed", checks: [] }, lateMs: 0 });
  }
}

async function verdictOn(exercise: Exercise, answer: Coded, place: Coded): Promise<Judgement> {
  const elsewhere = placeFrom(side.standIn(place) as AnswerPlace);
  setAnswerPlace(elsewhere);
  const before = openNow(elsewhere);
  const endWatches = [watchTimers(), elsewhere.watchTimers()];
  const verdict = await runChecks(exercise, side.standIn(answer));
  side.restoreArguments();
  await elsewhere.turns(1);
  const lateMs = Math.max(...endWatches.map((end) => end()));
  const open = verdict.status === "solved" ? await leftovers(before, elsewhere) : undefined;
  if (!open) return { verdict, lateMs };
  const left = { name: "nothing is left open", passed: false, message: `${exercise.id} ${open}` };
  return { verdict: { status: "failed", checks: [...verdict.checks, left] }, lateMs };
}
