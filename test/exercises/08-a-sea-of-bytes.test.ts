import { testLesson } from "./contract";

testLesson("08-a-sea-of-bytes");
