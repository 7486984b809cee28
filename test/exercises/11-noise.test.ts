import { testLesson } from "./contract";

testLesson("11-noise");
