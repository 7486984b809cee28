/**
 * The release dates of Bitcoin Core, from https://bitcoincore.org/en/releases/ and its tags.
 */

/** The date of each release's first version, as `YYYY-MM-DD`, by the name that `releaseOf` returns. */
export const RELEASE_DATES: Readonly<Record<string, string>> = {
  "0.8": "2013-02-19",
  "0.9": "2014-03-19",
  "0.10": "2015-02-16",
  "0.11": "2015-07-12",
  "0.12": "2016-02-23",
  "0.13": "2016-08-23",
  "0.14": "2017-03-08",
  "0.15": "2017-09-14",
  "0.16": "2018-02-26",
  "0.17": "2018-10-03",
  "0.18": "2019-05-02",
  "0.19": "2019-11-24",
  "0.20": "2020-06-03",
  "0.21": "2021-01-14",
  "22.0": "2021-09-13",
  "23.0": "2022-04-25",
  "24.0": "2022-12-12",
  "25.0": "2023-05-26",
  "26.0": "2023-12-06",
  "27.0": "2024-04-16",
  "28.0": "2024-10-04",
  "29.0": "2025-04-14",
  "30.0": "2025-10-10",
};

/** Compares two releases by date, for `sort`: 0.9 comes before 0.16, and 0.21 before 22.0. */
export function compareReleases(a: string, b: string): number {
  return a.localeCompare(b, "en", { numeric: true });
}
