/** `npm run grade`. */
// Here, and not in the room of notebooks: its types would bring those of the whole compiler into every kernel.
export { declaredNames, outerNames } from "../notebook/source/identifiers";
export { endAll } from "./child";
export { isDoubtful } from "./doubt";
export { byNotebook, grade, type Graded } from "./grade";
export { fingerprintOf, type MoreChecks, ownChecks } from "./judge/more-checks";
export { neededCells, sourceToRun } from "./needs";
export { type Judged, runNotebook } from "./notebook-run";
export { reportText } from "./report";
export { type ExerciseResult, sumUp } from "./result";
export { areAllUntouched } from "./stubs";
export { select } from "./selection";
export { summaryMarkdown } from "./summary";
export { safeText } from "./text";
export { watchNotebooks } from "./watch";
export { COMPILED, prepareToCompile } from "./workshop";
