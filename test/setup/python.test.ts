import { rm } from "node:fs/promises";
import { afterEach, describe, expect, test, vi } from "vitest";
import { findPython, isUsable, type Python, whyNot } from "../../scripts/setup/python";
import { folderOfPrograms } from "../helpers/course";

function python(version: string, venv = true): Python {
  return { path: "/usr/bin/python3", version: version.split(".").map(Number) as Python["version"], venv };
}

test.each([
  ["3.9.18", true, false],
  ["3.10.0", true, true],
  ["3.14.1", true, true],
  ["4.0.0", true, true],
  ["2.7.18", false, false],
  ["3.12.1", false, false],
])("Python %s with venv: %s can hold JupyterLab: %s", (version, venv, usable) => {
  expect(isUsable(python(version, venv))).toBe(usable);
});

describe("the sentence on why no Python will do", () => {
  test("the sentence on why no Python will do names what to install when there is none, and the way without", () => {
    expect(whyNot([], "linux")).toBe(
      "JupyterLab needs Python 3.10 or newer, and there is no Python on the PATH: install one (python.org, or your package manager), then run the same command again (with a Jupyter or VS Code that you already have, `npm run kernel` does without).",
    );
  });

  test("the sentence on why no Python will do names the version when all are too old", () => {
    expect(whyNot([python("3.8.18"), python("2.7.18")], "linux")).toMatch(
      /needs Python 3\.10 or newer, and \/usr\/bin\/python3 is 3\.8\.18: install a newer one/,
    );
  });

  test("the sentence on why no Python will do names Debian's package when venv is what is missing, even beside an old Python", () => {
    expect(whyNot([python("3.8.18"), python("3.11.2", false)], "linux")).toMatch(
      /sudo apt install python3-venv` \(or python3\.11-venv\)/,
    );
  });

  test("the sentence on why no Python will do names no Debian package elsewhere", () => {
    expect(whyNot([python("3.11.2", false)], "darwin")).not.toMatch(/apt/);
  });
});

describe("findPython()", () => {
  const answer = (path: string, version: string, venv: boolean) =>
    `echo '{"path": "${path}", "version": [${version}], "venv": ${venv}}'`;
  let folder: string;

  afterEach(async () => {
    vi.unstubAllEnvs();
    await rm(folder, { recursive: true });
  });

  async function only(programs: Record<string, string>): Promise<void> {
    folder = await folderOfPrograms(programs);
    vi.stubEnv("PATH", folder);
    vi.stubEnv("PYTHON", undefined);
  }

  test("findPython() takes the first Python on the PATH that will do", async () => {
    await only({
      python3: answer("/old", "3, 8, 1", true),
      python: answer("/bare", "3, 12, 1", false),
      "python3.12": answer("/good", "3, 12, 1", true),
    });
    await expect(findPython()).resolves.toMatchObject({ path: "/good" });
  });

  test("findPython() passes over a Python that fails, or says something else", async () => {
    await only({
      python3: "exit 9",
      python: "echo Python was not found",
      "python3.13": answer("/good", "3, 13, 0", true),
    });
    await expect(findPython()).resolves.toMatchObject({ path: "/good" });
  });

  test("findPython() rejects with a Failure where there is no Python on the PATH", async () => {
    await only({});
    await expect(findPython()).rejects.toThrow(/there is no Python on the PATH/);
  });
});
