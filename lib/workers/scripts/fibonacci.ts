/** Runs in a thread: receives n, and sends the nth Fibonacci number back. */
import { fibonacci } from "../fibonacci";
import { handleRequests } from "./parent-port";

handleRequests(fibonacci);
