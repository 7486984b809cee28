/**
 * The child process that compiles cells: a request is a `CompileJob`, the answer a `CompiledNotebook`.
 *
 * The kernel's converter resolves imports from the working directory, so it needs a process whose working
 * directory is the notebooks' folder.
 */
// The compiler first: it is mended before a part of tslab loads it.
import { createMendedConverter } from "../kernel/compiler";
import { type CompileJob, NotebookCompiler } from "./compile-cells";
import { send } from "./channel";

const compiler = new NotebookCompiler(createMendedConverter());

process.on("message", (job: CompileJob) => {
  void compiler
    .compile(job, (position) => send({ kind: "cell", position }))
    .then((notebook) => send({ kind: "compiled", notebook }));
});
void send({ kind: "ready" });
