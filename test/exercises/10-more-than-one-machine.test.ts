import { testLesson } from "./contract";

testLesson("10-more-than-one-machine");
