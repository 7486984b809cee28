import { testLesson } from "./contract";

testLesson("09-nobody-gave-you-a-list");
