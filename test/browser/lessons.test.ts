/** The lessons as a learner meets them: in JupyterLab, in a browser. */
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { Browser } from "playwright-core";
import { solutionSource } from "@course/lib/notebook";
import { type PracticeNetwork, servePracticeNetwork } from "@course/lib/practice";
import { BROWSER } from "../helpers/limits";
import { type Course, openBrowser, OpenNotebook, startCourse } from "./lab";

let network: PracticeNetwork;
let course: Course;
let browser: Browser;

beforeAll(async () => {
  network = await servePracticeNetwork({ peers: 300 });
  [course, browser] = await Promise.all([startCourse(network.api), openBrowser()]);
}, BROWSER);

afterAll(async () => {
  await browser?.close();
  await course?.stop();
  await network?.close();
}, BROWSER);

test(
  "in lesson 3 an exercise is filled in, and its check goes from not written over wrong to right",
  async () => {
    const lesson = await OpenNotebook.open(browser, course, "03-bitnodes-api");
    expect(await lesson.run("api-setup")).toContain("You call");

    await lesson.run("api-strings");
    expect(await lesson.run("api-strings-check")).toContain("not written yet");

    await lesson.write(
      "api-strings",
      "function nodesToAddressStrings(nodes: Nodes): string[] { return Object.values(nodes).map(String); }",
    );
    await lesson.run("api-strings");
    const wrong = await lesson.run("api-strings-check");
    expect(wrong).toContain("expected");
    expect(wrong).toContain("192.168.0.1:8333");
    await lesson.screenshot("check-wrong", "api-strings-check");

    await lesson.write("api-strings", solutionSource("nodesToAddressStrings"));
    await lesson.run("api-strings");
    expect(await lesson.run("api-strings-check")).toMatch(/solved/i);
    await lesson.screenshot("check-right", "api-strings-check");
    await lesson.page.close();
  },
  BROWSER,
);

test(
  "in lesson 4 the long cell shows its progress in one place, and the interrupt button ends its work",
  async () => {
    const lesson = await OpenNotebook.open(browser, course, "04-calling-all-nodes");
    await lesson.run("call-setup");
    await lesson.run("call-addresses");
    for (const [cell, id] of [
      ["call-one", "getVersionMessage"],
      ["call-many", "getVersionMessages"],
      ["call-progress", "progressLine"],
    ] as const) {
      await lesson.write(cell, solutionSource(id));
      expect(await lesson.run(cell)).toBe("");
    }

    await lesson.begin("call-again");
    await vi.waitUntil(async () => /[3-9] received/.test(await lesson.output("call-again")), {
      timeout: 30_000,
    });
    expect(await lesson.cell("call-again").locator(".jp-OutputArea-output").count()).toBe(1);
    expect(await lesson.output("call-again")).toMatch(
      /\d+ received \| \d+ failed \| \d+ remaining \| .* left/,
    );
    await lesson.screenshot("progress", "call-again");

    await lesson.interrupt();
    await lesson.waitForEnd("call-again");
    // The call that was under way ends within its second; after that nobody is called any more.
    await vi.waitUntil(async () => (await network.statistics()).open === 0, { timeout: 5_000 });
    const { connections } = await network.statistics();
    const answer = await lesson.run("call-one-use");
    expect(answer).toContain("blocks");
    expect((await network.statistics()).connections).toBe(connections + 1);
    await lesson.page.close();
  },
  BROWSER,
);

test(
  "in lesson 6 a timeline is drawn, and the interrupt button ends a crawl with every socket closed",
  async () => {
    const lesson = await OpenNotebook.open(browser, course, "06-many-at-once");
    await lesson.run("many-setup");
    await lesson.run("many-two-in-turn");
    const bars = (await lesson.plot("many-two-in-turn")).locator(".barlayer .point");
    expect(await bars.count()).toBeGreaterThanOrEqual(2);
    for (const id of ["many-crowd", "many-truth", "many-all-busy", "many-crawl"]) await lesson.run(id);
    expect(await lesson.output("many-crawl")).toMatch(/(\d+) heard of \1 /);
    await lesson.run("many-network");

    const before = (await network.statistics()).connections;
    await lesson.begin("many-button");
    await vi.waitUntil(async () => /\d\d received/.test(await lesson.output("many-button")), {
      timeout: 30_000,
    });
    await lesson.interrupt();
    await lesson.waitForEnd("many-button");
    await vi.waitUntil(async () => (await network.statistics()).open === 0, { timeout: 5_000 });
    const { connections } = await network.statistics();
    expect(connections - before).toBeLessThan(300);
    expect(Number(await lesson.run("many-button-after"))).toBeGreaterThan(0);
    expect((await network.statistics()).connections).toBe(connections);
    await lesson.page.close();
  },
  BROWSER,
);

test(
  "in lesson 7 threads and processes show in lanes of their own who was busy when",
  async () => {
    const lesson = await OpenNotebook.open(browser, course, "07-threads-and-processes");
    for (const id of ["team-setup", "team-how-many"]) await lesson.run(id);
    for (const [cell, id, use, lane] of [
      ["threaded", "getVersionMessagesThreaded", "team-threaded", "thread"],
      ["multiprocess", "getVersionMessagesMultiprocess", "team-multiprocess", "process"],
    ] as const) {
      await lesson.write(cell, solutionSource(id));
      await lesson.run(cell);
      await lesson.run(use);
      const plot = await lesson.plot(use);
      expect(await plot.locator(".ytick text").allTextContents()).toEqual(
        [1, 2, 3, 4].map((n) => `${lane} ${n}`),
      );
      await lesson.screenshot(`lanes-${lane}`, use);
    }
    await lesson.page.close();
  },
  BROWSER,
);
