/** The populations, by the year that they are of. */
export const POPULATION_NAMES = ["2018", "2026"] as const;
export type PopulationName = (typeof POPULATION_NAMES)[number];

/** The population that lessons four to eight speak of. */
export const DEFAULT_POPULATION: PopulationName = "2018";
