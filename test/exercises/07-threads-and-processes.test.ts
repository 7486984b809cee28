import { testLesson } from "./contract";

testLesson("07-threads-and-processes");
