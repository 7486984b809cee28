/** What runs in a thread that computes Fibonacci numbers: n comes in, the number goes out. */
import { fibonacci } from "../fibonacci";
import { answerEach } from "./line";

answerEach(fibonacci);
