/** 08-a-sea-of-bytes: the release of Bitcoin Core that a node runs. */
import { expectEqual } from "../../checks/expect";
import { releaseOf } from "../../data/statistics";
import { defineExercise } from "../../checks/exercise";
import { oneOf, word } from "../shared/random-input";

type Answer = typeof releaseOf;

function expectReleases(answer: Answer, releases: Record<string, string | undefined>): void {
  for (const [userAgent, release] of Object.entries(releases)) {
    expectEqual(`the release of ${JSON.stringify(userAgent)}`, answer(userAgent), release);
  }
}

export default defineExercise<Answer>({
  id: "releaseOf",
  notebook: "08-a-sea-of-bytes",
  title: "Which release is it",
  points: 2,
  solution: releaseOf,
  source: "data/statistics.ts",
  randomArguments: (random) => [
    `/${oneOf(random, ["Satoshi", "Satoshi", word(random)])}:${random.integer(0, 30)}.${random.integer(0, 20)}.${random.integer(0, 9)}/`,
  ],
  hints: [
    "What do all the user agents begin with that have a release, and none of the others? What you want stands right behind it.",
    "A regular expression can say all of it: `^` is the beginning, `\\/` a slash, `\\d+` one digit or more, `\\.` a full stop, and brackets around a part make it come back on its own. `regularExpression.exec(text)` gives a list, the whole match first and then the part, or `null` if there is no match.",
    "`/^\\/Satoshi:(\\d+\\.\\d+)/.exec(userAgent)` finds it; the part is the second entry of what comes back. `?.[1]` takes it, or gives `undefined` where there is none.",
  ],
  checks: [
    {
      name: "The first two numbers of the version are the release",
      run: (answer) =>
        expectReleases(answer, {
          "/Satoshi:0.16.3/": "0.16",
          "/Satoshi:0.8.6/": "0.8",
          "/Satoshi:29.0.0/": "29.0",
          "/Satoshi:0.15.0.1/": "0.15",
        }),
    },
    {
      name: "What comes after the version does not matter",
      run: (answer) =>
        expectReleases(answer, {
          "/Satoshi:27.1.0/Knots:20240801/": "27.1",
          "/Satoshi:0.12.1(bitcore)/": "0.12",
          "/Satoshi:0.14.2/UASF-Segwit:1.0(BIP148)/": "0.14",
          "/Satoshi:0.16.99/[B.A.N.]": "0.16",
          "/Satoshi:0.21": "0.21",
        }),
    },
    {
      name: "Other software has no release of Bitcoin Core",
      run: (answer) =>
        expectReleases(answer, {
          "/btcwire:0.5.0/btcd:0.12.0/": undefined,
          "/bcoin:2.2.0/": undefined,
          "/Statoshi:0.12.99/": undefined,
          "/Bitcoin ABC:0.16.1(EB8.0)/": undefined,
          "/some-cool-software/": undefined,
          "/libbitcoin:3.4.0/Satoshi:0.16.0/": undefined,
        }),
    },
    {
      name: "A user agent without a version has no release",
      run: (answer) =>
        expectReleases(answer, {
          "": undefined,
          pbtc: undefined,
          "/Satoshi/": undefined,
          "/Satoshi:/": undefined,
          "/Satoshi:latest/": undefined,
          "/Satoshi:22/": undefined,
        }),
    },
  ],
  wrongAnswers: [
    {
      name: "keeps the third number",
      caughtBy: "The first two numbers of the version are the release",
      answer: (userAgent) => /^\/Satoshi:(\d+\.\d+(?:\.\d+)*)/.exec(userAgent)?.[1],
    },
    {
      name: "returns a number, which makes 0.10 the same as 0.1",
      caughtBy: "The first two numbers of the version are the release",
      answer: (userAgent) => {
        const release = releaseOf(userAgent);
        return release === undefined ? undefined : (Number(release) as unknown as string);
      },
    },
    {
      name: "reads one digit of the first number",
      caughtBy: "The first two numbers of the version are the release",
      answer: (userAgent) => /^\/Satoshi:(\d\.\d+)/.exec(userAgent)?.[1],
    },
    {
      name: "requires a slash right after the version",
      caughtBy: "What comes after the version does not matter",
      answer: (userAgent) => /^\/Satoshi:(\d+\.\d+)[\d.]*\/$/.exec(userAgent)?.[1],
    },
    {
      name: "takes the first version of any software",
      caughtBy: "Other software has no release of Bitcoin Core",
      answer: (userAgent) => /(\d+\.\d+)/.exec(userAgent)?.[1],
    },
    {
      name: "accepts Satoshi anywhere",
      caughtBy: "Other software has no release of Bitcoin Core",
      answer: (userAgent) => /Satoshi:(\d+\.\d+)/.exec(userAgent)?.[1],
    },
    {
      name: "gives an empty text where there is no release",
      caughtBy: "A user agent without a version has no release",
      answer: (userAgent) => releaseOf(userAgent) ?? "",
    },
    {
      name: "assumes a match",
      caughtBy: "A user agent without a version has no release",
      answer: (userAgent) => /^\/Satoshi:(\d+\.\d+)/.exec(userAgent)![1],
    },
  ],
});
