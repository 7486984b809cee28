/** The lessons as a learner meets them: in JupyterLab, in a browser. */
import { expect, test, vi } from "vitest";
import { solutionSource } from "@course/lib/notebook";
import type { PracticeNetwork } from "@course/lib/practice";
import { BROWSER } from "../helpers/limits";
import type { Lab } from "./lab";

/** Declares the tests. They run in the page of `lab`, which calls `network`. */
export function testLessons(lab: () => Lab, network: () => PracticeNetwork): void {
  test(
    "the first lesson is gone through with the keyboard alone, up to an exercise that is solved",
    async () => {
      const lesson = await lab().open("00-welcome");
      const { keyboard } = lesson.page;
      for (const id of lesson.upTo("welcome-greeting-check")) {
        await lesson.cell(id).and(lesson.page.locator(".jp-mod-active")).waitFor();
        if (id === "welcome-greeting") {
          await keyboard.press("Enter");
          await keyboard.press("ControlOrMeta+A");
          await keyboard.insertText(solutionSource("greeting"));
        }
        await keyboard.press("Shift+Enter");
        if (id !== "welcome-stop") continue;
        await vi.waitUntil(async () => (await lesson.output(id)).includes("of 60"), {
          timeout: 30_000,
          interval: 250,
        });
        await keyboard.press("i");
        await keyboard.press("i");
        await lesson.waitForEnd(id);
      }
      await vi.waitUntil(async () => /solved/.test(await lesson.output("welcome-greeting-check")), {
        timeout: 30_000,
        interval: 250,
      });
    },
    BROWSER,
  );

  test(
    "in lesson 3 an exercise is filled in, and its check goes from not written over wrong to right",
    async () => {
      const lesson = await lab().open("03-bitnodes-api");
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
    },
    BROWSER,
  );

  test(
    "in lesson 4 the long cell shows its progress in one place, and the interrupt button ends its work",
    async () => {
      const lesson = await lab().open("04-calling-all-nodes");
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
        interval: 250,
      });
      expect(await lesson.cell("call-again").locator(".jp-OutputArea-output").count()).toBe(1);
      expect(await lesson.output("call-again")).toMatch(
        /\d+ received \| \d+ failed \| \d+ remaining \| .* left/,
      );
      await lesson.screenshot("progress", "call-again");

      await lesson.interrupt();
      await lesson.waitForEnd("call-again");
      // The call that was under way ends within its second; after that nobody is called any more.
      await vi.waitUntil(async () => (await network().statistics()).open === 0, { timeout: 30_000 });
      const { connections } = await network().statistics();
      const answer = await lesson.run("call-one-use");
      expect(answer).toContain("blocks");
      expect((await network().statistics()).connections).toBe(connections + 1);
    },
    BROWSER,
  );
}
