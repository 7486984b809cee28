import { testLesson } from "./contract";

testLesson("05-where-does-the-time-go");
