/**
 * The process that compiles: the kernel's converter takes its working directory for the notebooks' folder, so
 * it needs a process that stands there. A request is a list of cells, an answer what they compile to.
 */
import { createConverter } from "tslab/dist/converter";
import { NotebookCompiler, type SourceCell } from "./compile-cells";
import { send } from "./channel";

const compiler = new NotebookCompiler(createConverter());

process.on("message", (cells: SourceCell[]) => {
  void compiler
    .compile(cells, (position) => send({ kind: "cell", position }))
    .then((notebook) => send({ kind: "compiled", notebook }));
});
void send({ kind: "ready" });
