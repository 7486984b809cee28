/**
 * The colours of the course's plots: those of Okabe and Ito, which people with any kind of colour
 * blindness can tell apart (https://jfly.uni-koeln.de/color/). Their black is left out, since a
 * plot may stand on a dark page, and a middling grey is added that shows on both.
 */
export const COLOURS = {
  blue: "#0072B2",
  orange: "#E69F00",
  green: "#009E73",
  purple: "#CC79A7",
  skyBlue: "#56B4E9",
  vermillion: "#D55E00",
  yellow: "#F0E442",
  grey: "#808080",
} as const;

/** The colours that the traces of a plot get, in this order: those next to each other differ in lightness too. Yellow is left out: lines of it vanish on white. */
export const COLOUR_ORDER: string[] = [
  COLOURS.blue,
  COLOURS.orange,
  COLOURS.green,
  COLOURS.purple,
  COLOURS.skyBlue,
  COLOURS.vermillion,
  COLOURS.grey,
];
