import { testLesson } from "./contract";

testLesson("06-many-at-once");
