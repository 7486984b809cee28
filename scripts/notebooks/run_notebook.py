"""Runs a notebook from top to bottom in its kernel, with Jupyter's own client.

    python run_notebook.py NOTEBOOK OUTPUT --folder FOLDER [--cell-timeout SECONDS] [--keep-going]

Always writes the notebook with its outputs to OUTPUT, and prints progress and errors to stderr.
Exit status: 0 every cell ran, 1 a cell failed, 2 a wrong call or no kernel.
"""

import argparse
import asyncio
import signal
import sys
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from jupyter_client.kernelspec import NoSuchKernel

from private_sockets import use_private_sockets

# An interrupt aborts the requests that arrive with it: the next cell has to come after it.
AFTER_AN_INTERRUPT_SECONDS = 0.3


class Runner(NotebookClient):
    """A client that interrupts a cell after `metadata.course.interruptAfterSeconds`, as a reader would."""

    def create_kernel_manager(self):
        manager = super().create_kernel_manager()
        use_private_sockets(manager)
        return manager

    async def run(self, keep_going):
        """Runs the cells, and returns the names of those that failed."""
        failed = []
        async with self.async_setup_kernel():
            cancel_on_signal()
            cells = [(i, cell) for i, cell in enumerate(self.nb.cells) if has_code(cell)]
            for position, (index, cell) in enumerate(cells, 1):
                started = time.monotonic()
                name = f"cell {index + 1} ({cell.id})"
                problem = await self.run_cell(cell, index)
                cell.execution_count = position
                seconds = time.monotonic() - started
                say(f"{position}/{len(cells)} {name} {seconds:.1f} s")
                if problem is not None:
                    say(f"{name} failed: {problem}")
                    failed.append(name)
                    if not keep_going:
                        break
        return failed

    async def run_cell(self, cell, index):
        """Runs a cell. Returns why it failed, or None."""
        seconds = course(cell).get("interruptAfterSeconds")
        interrupter = asyncio.ensure_future(self.interrupt_after(seconds)) if seconds else None
        try:
            await self.async_execute_cell(cell, index)
        except CellExecutionError:
            if interrupter is None or not interrupter.done():
                return printed_errors(cell) or "it gave no reason"
        except CellTimeoutError:
            await self.km.interrupt_kernel()
            await asyncio.sleep(AFTER_AN_INTERRUPT_SECONDS)
            return f"it had not ended after {self.timeout} seconds"
        finally:
            if interrupter is not None:
                interrupter.cancel()
        return None

    async def interrupt_after(self, seconds):
        await asyncio.sleep(seconds)
        await self.km.interrupt_kernel()


def cancel_on_signal():
    """Cancels the run and ends the kernel when this process receives SIGINT or SIGTERM."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    for name in ("SIGINT", "SIGTERM"):
        try:
            loop.add_signal_handler(getattr(signal, name), task.cancel)
        except NotImplementedError:
            pass  # Windows


def has_code(cell):
    return cell.cell_type == "code" and cell.source.strip() != ""


def course(cell):
    return cell.metadata.get("course", {})


def printed_errors(cell):
    return "\n".join("\n".join(o.traceback) for o in cell.outputs if o.output_type == "error")


def say(line):
    print(line, file=sys.stderr, flush=True)


def parse():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("notebook", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("--folder", type=Path, required=True, help="the kernel's working directory")
    parser.add_argument("--cell-timeout", type=int, default=120, metavar="SECONDS")
    parser.add_argument("--keep-going", action="store_true", help="run the cells after one that failed")
    return parser.parse_args()


def main():
    options = parse()
    notebook = nbformat.read(options.notebook, as_version=4)
    runner = Runner(
        notebook,
        timeout=options.cell_timeout,
        coalesce_streams=True,
        # Not four seconds, and then no output and no word: a busy machine may take its time.
        iopub_timeout=options.cell_timeout,
        raise_on_iopub_timeout=True,
        record_timing=False,
        resources={"metadata": {"path": str(options.folder.resolve())}},
    )
    try:
        failed = asyncio.run(runner.run(options.keep_going))
    except NoSuchKernel as error:
        say(f"There is no kernel named {error.name}: `npm start` sets it up.")
        return 2
    except DeadKernelError:
        say("The kernel died.")
        return 1
    except asyncio.CancelledError:
        return 130
    finally:
        nbformat.write(notebook, options.output)
    return 1 if failed else 0


sys.exit(main())
