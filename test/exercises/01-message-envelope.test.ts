import { testLesson } from "./contract";

testLesson("01-message-envelope");
