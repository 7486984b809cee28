/**
 * The child process that compiles cells: a request is a `CompileJob`, the answer a `CompiledNotebook`.
 *
 * The kernel's converter resolves imports from the working directory, so it needs a process whose working
 * directory is the notebooks' folder.
 */
// The compiler first: it is mended before a part of tslab loads it.
import { createMendedConverter } from "../kernel/compiler";
import { type CompileJob, NotebookCompiler } from "./compile-cells";
import type { ChildMessage } from "./ipc";

const compiler = new NotebookCompiler(createMendedConverter({ docblocks: false }));

process.on("message", (job: CompileJob) => {
  void compiler
    .compile(job, (position) => send({ kind: "cell", position }))
    .then((notebook) => send({ kind: "compiled", notebook }));
});
// The grader is gone.
process.on("disconnect", () => process.exit());
void send({ kind: "ready" });

/** Resolves once the message is written: the source that is compiled next may keep this process busy for ever. */
function send(message: ChildMessage): Promise<void> {
  return new Promise((resolve) => process.send!(message, undefined, undefined, () => resolve()));
}
