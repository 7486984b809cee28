/** Gives the kernel the course's advice for compiler messages, if this process is a kernel. */
import { kernel } from "../kernel/kernel";
import { withAdvice } from "./cell/advice";

kernel()?.advise(withAdvice);
