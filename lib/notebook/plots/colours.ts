/**
 * The colours of the course's plots: the palette of Okabe and Ito, which is safe for colour blindness
 * (https://jfly.uni-koeln.de/color/).
 *
 * Grey takes the place of their black, because a plot may stand on a dark page.
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

/**
 * The colours of the traces of a plot, in order. Neighbours differ in lightness too.
 *
 * Yellow is left out, because its lines are hard to see on white.
 */
export const COLOUR_ORDER: string[] = [
  COLOURS.blue,
  COLOURS.orange,
  COLOURS.green,
  COLOURS.purple,
  COLOURS.skyBlue,
  COLOURS.vermillion,
  COLOURS.grey,
];
