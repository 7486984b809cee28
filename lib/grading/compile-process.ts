/**
 * The child process that compiles cells: a request is a list of cells, the answer a `CompiledNotebook`.
 *
 * The kernel's converter resolves imports from the working directory, so it needs a process whose working
 * directory is the notebooks' folder.
 */
import { createMendedConverter } from "../kernel/compiler";
import { NotebookCompiler, type SourceCell } from "./compile-cells";
import { send } from "./channel";

const compiler = new NotebookCompiler(createMendedConverter());

process.on("message", (cells: SourceCell[]) => {
  void compiler
    .compile(cells, (position) => send({ kind: "cell", position }))
    .then((notebook) => send({ kind: "compiled", notebook }));
});
void send({ kind: "ready" });
