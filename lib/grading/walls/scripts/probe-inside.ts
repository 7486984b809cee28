/**
 * Tries out whether walls of bubblewrap can be built where the judge runs, and prints what a program in them
 * can do.
 */
import { bubblewrapInside } from "../bubblewrap";
import { probe } from "../probe";

probe(bubblewrapInside()).then(
  (answer) => console.log(JSON.stringify(answer)),
  (error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
  },
);
