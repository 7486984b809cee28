import { testLesson } from "./contract";

testLesson("03-bitnodes-api");
