import { testLesson } from "./contract";

testLesson("04-calling-all-nodes");
