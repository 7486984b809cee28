/** 00-welcome: the first exercise, so small that the only difficulty is to find the cell. */
import { greeting } from "../../peer/greeting";
import { expectEqual } from "../../checks/expect";
import { defineExercise } from "../../checks/exercise";
import { oneOf, word } from "../shared/random-input";

type Answer = typeof greeting;

function expectGreeting(answer: Answer, userAgent: string, expected: string): void {
  expectEqual(`greeting(${JSON.stringify(userAgent)})`, answer(userAgent), expected);
}

export default defineExercise<Answer>({
  id: "greeting",
  notebook: "00-welcome",
  title: "Greet a node by its name",
  points: 1,
  solution: greeting,
  source: "peer/greeting.ts",
  randomArguments: (random) => [
    oneOf(random, [
      `/${word(random)}:0.${random.integer(1, 30)}.1/`,
      `/${word(random)}/${word(random)}/`,
      "",
    ]),
  ],
  hints: [
    "Begin with a greeting that is the same for every node: put a `return` where the `throw` is, and see which checks it passes. Text between backticks can hold values: `` `Hello, ${userAgent}!` ``.",
    "Two slashes have to go: the first character, if it is one, and the last. `userAgent.slice(1, -1)` is the text without its first and its last character. What is left of an empty user agent?",
    'Make a name first, then the greeting: `const name = userAgent.replace(/^\\/|\\/$/g, "");` takes off a slash at either end and no other. Where the name is empty, `name || "stranger"` has a better one.',
  ],
  checks: [
    {
      name: "The name is greeted without the slashes around it",
      run(answer) {
        expectGreeting(answer, "/Satoshi:0.16.3/", "Hello, Satoshi:0.16.3!");
        expectGreeting(answer, "/btcwire:0.5.0/", "Hello, btcwire:0.5.0!");
      },
    },
    {
      name: "A slash in the middle stays",
      run: (answer) =>
        expectGreeting(answer, "/Satoshi:0.16.3/Knots:20180918/", "Hello, Satoshi:0.16.3/Knots:20180918!"),
    },
    {
      name: "A node without a name is a stranger",
      run: (answer) => expectGreeting(answer, "", "Hello, stranger!"),
    },
  ],
  wrongAnswers: [
    {
      name: "leaves the slashes where they are",
      caughtBy: "The name is greeted without the slashes around it",
      answer: (userAgent) => `Hello, ${userAgent || "stranger"}!`,
    },
    {
      name: "greets every node as the same one",
      caughtBy: "The name is greeted without the slashes around it",
      answer: () => "Hello, Satoshi:0.16.3!",
    },
    {
      name: "takes off every slash",
      caughtBy: "A slash in the middle stays",
      answer: (userAgent) => `Hello, ${userAgent.replaceAll("/", "") || "stranger"}!`,
    },
    {
      name: "greets an empty name when there is no name",
      caughtBy: "A node without a name is a stranger",
      answer: (userAgent) => `Hello, ${userAgent.slice(1, -1)}!`,
    },
  ],
});
