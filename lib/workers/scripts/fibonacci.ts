/** What runs in a thread that computes Fibonacci numbers: n comes in, the number goes out. */
import { fibonacci } from "../fibonacci";
import { answerEach } from "./parent-port";

answerEach(fibonacci);
