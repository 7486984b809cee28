import { testLesson } from "./contract";

testLesson("00-welcome");
