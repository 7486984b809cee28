/** Walls around learners' code in the grader. */
export { bubblewrapCommand, type BubblewrapOptions } from "./bubblewrap-command";
export { chooseWalls } from "./choose";
export { courseFiles } from "./course-files";
export { landlock } from "./landlock";
export { permissionFlags } from "./permissions";
export { howToGetBubblewrap, whyBubblewrapFails } from "./remedies";
export { sandboxProfile } from "./sandbox-exec";
export {
  type Isolation,
  ISOLATIONS,
  type ProgramLimits,
  type WalledProcess,
  type WalledProgram,
  type Walls,
} from "./walls";
