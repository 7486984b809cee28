/** What runs in a thread that computes Fibonacci numbers: n comes in, the number goes out. */
import { fibonacci } from "../fibonacci";
import { handleRequests } from "./parent-port";

handleRequests(fibonacci);
