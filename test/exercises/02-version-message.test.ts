import { testLesson } from "./contract";

testLesson("02-version-message");
