/**
 * The child process that compiles cells: a request is a `CompileRequest`, the answer a `CompiledNotebook`.
 *
 * The kernel's converter resolves imports from the working directory, so it needs a process whose working
 * directory is the notebooks' folder.
 */
// The compiler first: it is mended before a part of tslab loads it.
import { createMendedConverter, kernelTypescript } from "../kernel/compiler";
import { useTypescript } from "../notebook/source/identifiers";
import { type Converted, NotebookCompiler } from "./compile-cells";
import { CompiledStore } from "./compiled-store";
import type { ChildMessage, CompileRequest } from "./ipc";

/** Largest file of compiled cells, in bytes: some 10,000 of them. */
const MAX_BYTES = 48e6;

let position = 0;
let compiler: NotebookCompiler | undefined;
useTypescript(kernelTypescript());

/** Returns a compiler. What was compiled before is in `file`, if it is given. */
function createCompiler(file: string | undefined): NotebookCompiler {
  const store = file === undefined ? undefined : CompiledStore.open<Converted>(file, MAX_BYTES);
  return new NotebookCompiler(() => {
    void send({ kind: "starting" });
    const converter = createMendedConverter({ steady: true });
    void send({ kind: "cell", position });
    return converter;
  }, store);
}

process.on("message", ({ store, ...job }: CompileRequest) => {
  compiler ??= createCompiler(store);
  void compiler
    .compile(job, (cell) => {
      position = cell;
      return send({ kind: "cell", position });
    })
    .then((notebook) => send({ kind: "compiled", notebook }));
});
// The grader is gone.
process.on("disconnect", () => process.exit());
void send({ kind: "ready" });

/** Resolves once the message is written: the source that is compiled next may keep this process busy for ever. */
function send(message: ChildMessage): Promise<void> {
  return new Promise((resolve) => process.send!(message, undefined, undefined, () => resolve()));
}
