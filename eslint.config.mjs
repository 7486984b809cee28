// The rules that find mistakes, and the arrows between the rooms of lib/. How code looks is prettier's business.
import tseslint from "typescript-eslint";

/** The rooms of lib/, from the bytes up. A room may import any room further up in this list, types included. */
const ROOMS = [
  "util",
  "language",
  "kernel",
  "wire",
  "transport",
  "socks",
  "recordings",
  "peer",
  "bitnodes",
  "crawl",
  "discovery",
  "workers",
  "data",
  "frontier",
  "practice",
  "checks",
  "exercises",
  "notebook",
  "grading",
  "desk",
];

/** Floors within a room, lowest first: a folder may import those before it. */
const FLOORS = {
  practice: ["profile", "behaviour", "population", "server"],
  notebook: ["cell", "source", "plots", "profile"],
};

/** Doors are for scripts, tests and lib/index.ts. Inside lib/ a file imports the file that it needs. */
const DOORS = {
  regex: "(^|/)(index|\\.\\.?)$|^@course/lib",
  message: "Inside lib/ import the file itself: a room's index.ts is for scripts, tests and lib/index.ts.",
};

/** Forbids imports in `files` whose path matches `regex`, types included. */
function forbid(files, regex, message) {
  const upwards = regex ? [{ regex, message }] : [];
  return {
    files,
    rules: {
      "@typescript-eslint/no-restricted-imports": ["error", { patterns: [...upwards, DOORS] }],
    },
  };
}

const arrows = ROOMS.flatMap((room, rank) => {
  const floors = FLOORS[room] ?? [];
  // `wire` stands on the ground: it knows nothing of `util`, `language` and `kernel` either.
  const above = [...(room === "wire" ? ["util", "language", "kernel"] : []), ...ROOMS.slice(rank + 1)];
  const upwards = above.length > 0 ? `^(\\.\\./)+(${above.join("|")})/` : "";
  return [
    forbid(
      [`lib/${room}/**/*.ts`],
      upwards,
      `lib/${room} may only import the rooms below it: see ROOMS in eslint.config.mjs.`,
    ),
    ...floors.map((floor, i) =>
      forbid(
        [`lib/${room}/${floor}/**/*.ts`],
        // The files beside the folders are above all of them.
        [upwards, `^\\.\\./((${[...floors.slice(i + 1), "-"].join("|")})/|[^/]*$)`].filter(Boolean).join("|"),
        `lib/${room}/${floor} may only import the floors below it: see ROOMS and FLOORS in eslint.config.mjs.`,
      ),
    ),
  ];
});

export default tseslint.config(
  { ignores: ["**/dist/", "**/node_modules/", ".venv/", ".course/", "test/artefacts/"] },
  {
    files: ["**/*.ts", "lib/notebook/plots/page/*.js", "scripts/site/files/*.js"],
    extends: [tseslint.configs.base],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "@typescript-eslint/await-thenable": "error",
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-misused-promises": "error",
      "@typescript-eslint/no-require-imports": "error",
      "@typescript-eslint/no-unnecessary-type-assertion": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "@typescript-eslint/only-throw-error": "error",
      "@typescript-eslint/prefer-promise-reject-errors": "error",
      "@typescript-eslint/return-await": "error",
      eqeqeq: "error",
      // What prettier leaves alone: long comments. Code, texts and addresses may be as long as they are.
      "max-len": ["error", { code: 1000, comments: 120, ignoreUrls: true }],
      "no-constant-condition": ["error", { checkLoops: "allExceptWhileTrue" }],
      "no-fallthrough": "error",
      "no-var": "error",
      "prefer-const": "error",
    },
  },
  {
    files: ["lib/**/*.ts", "scripts/**/*.ts"],
    ignores: ["lib/exercises/**"],
    rules: { "max-lines": ["error", { max: 250, skipBlankLines: true, skipComments: true }] },
  },
  {
    files: ["lib/**/*.ts"],
    ignores: ["lib/exercises/**", "lib/grading/**", "lib/practice/**", "lib/dist/**"],
    rules: {
      // tslab's compiler is older than ours: what a lesson can import says its type in full.
      "@typescript-eslint/explicit-module-boundary-types": "error",
    },
  },
  ...arrows,
);
