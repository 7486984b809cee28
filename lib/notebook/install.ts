/**
 * Installs the kernel hooks, from the moment this module is imported.
 *
 * They shorten the errors that cells show, add advice to the compiler's messages, and keep the
 * sources of the cells that run. Outside of a kernel they do nothing.
 */
import { keepCellSources } from "./source/cell-sources";
import { shortenCellErrors } from "./kernel/cell-errors";
import { watchCells } from "./kernel/cell-watch";

shortenCellErrors();
watchCells();
keepCellSources();
