/** The kernel: tslab put together from its own parts, and what it offers to the library. */
export { withoutExports } from "./exports";
