/** JupyterLab in a browser: both are started once for all that is tried in them. */
import { type PracticeNetwork, servePracticeNetwork } from "@course/lib/practice";
import { afterAll, afterEach, beforeAll } from "vitest";
import { BROWSER } from "../helpers/limits";
import { Lab } from "./lab";
import { testLessons } from "./lessons";
import { testPlots } from "./plots";

let network: PracticeNetwork;
let lab: Lab;

beforeAll(async () => {
  network = await servePracticeNetwork({ peers: 300 });
  lab = await Lab.start(network.api);
}, BROWSER);

afterEach(({ task }) => (task.result?.state === "fail" ? lab.leavePage() : undefined));

afterAll(async () => {
  await lab?.stop();
  await network?.close();
}, BROWSER);

testLessons(
  () => lab,
  () => network,
);
testPlots(() => lab);
