/** Mends what the kernel shows of errors, and remembers the cells that ran, from the moment it is imported. */
import { keepCellSources } from "./source/cell-sources";
import { shortenCellErrors } from "./kernel/cell-errors";
import { watchCells } from "./kernel/cell-watch";

shortenCellErrors();
watchCells();
keepCellSources();
