"""Talks to a kernel for a test, as a front end does: a request is a line of JSON on stdin, answers are lines on stdout.

    python drive_kernel.py FOLDER

{"do": "execute", "code": …, "stop_on_error": …}, {"do": "interrupt"}, {"do": "complete" | "inspect", "code": …, "at": …}.
Each message of the kernel comes back as {"request": n, "type": …, "content": …}, where n counts the requests from 0.
The kernel ends with stdin.
"""

import json
import subprocess
import sys
import threading
from pathlib import Path

from jupyter_client.manager import KernelManager

sys.path.append(str(Path(__file__).parents[2] / "scripts" / "notebooks"))
from private_sockets import use_private_sockets  # noqa: E402


def main():
    manager = KernelManager(kernel_name="tslab")
    use_private_sockets(manager)
    # Not our stdout: Node.js makes a pipe that it gets return at once, and what we write there would be lost.
    manager.start_kernel(cwd=sys.argv[1], stdout=subprocess.DEVNULL)
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=120)
    numbers = {}
    lock, asking = threading.Lock(), threading.Lock()

    def say(line):
        with lock:
            print(json.dumps(line), flush=True)

    def forward(get):
        while client.channels_running:
            try:
                message = get(timeout=1)
            except Exception:
                continue
            with asking:  # an answer may come before we know what its request is called
                number = numbers.get(message["parent_header"].get("msg_id"))
            if number is not None:
                say({"request": number, "type": message["msg_type"], "content": message["content"]})

    for get in (client.get_iopub_msg, client.get_shell_msg):
        threading.Thread(target=forward, args=(get,), daemon=True).start()
    say({"type": "ready"})
    try:
        for count, line in enumerate(sys.stdin):
            request = json.loads(line)
            with asking:
                number = ask(manager, client, request)
                if number is not None:
                    numbers[number] = count
    finally:
        client.stop_channels()
        manager.shutdown_kernel()


def ask(manager, client, request):
    if request["do"] == "interrupt":
        manager.interrupt_kernel()
    elif request["do"] == "execute":
        return client.execute(request["code"], stop_on_error=request.get("stop_on_error", True))
    elif request["do"] == "complete":
        return client.complete(request["code"], request["at"])
    elif request["do"] == "inspect":
        return client.inspect(request["code"], request["at"])
    return None


main()
