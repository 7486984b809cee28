"""The same crawl with Python's asyncio: a bounded number of tasks that decode nothing."""

import asyncio
import ipaddress
import json
import resource
import sys
import time

job = json.loads(sys.argv[1])
OUR_VERSION = bytes.fromhex(job["ourVersion"])
TIMEOUT = job["timeoutMs"] / 1000


def peak_mb():
    """Returns the peak memory in MB. On Linux from VmHWM: ru_maxrss includes what the parent had at the fork."""
    try:
        with open("/proc/self/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20  # bytes, on macOS


async def call(host, port):
    reader, writer = await asyncio.wait_for(asyncio.open_connection(host, port), TIMEOUT)
    try:
        writer.write(OUR_VERSION)
        return bool(await asyncio.wait_for(reader.read(65536), TIMEOUT))
    finally:
        writer.close()


async def work(addresses, lines):
    for line, (host, port) in addresses:
        try:
            ipaddress.ip_address(host)  # names are not looked up
            if await call(host, port):
                lines.append(line)
        except (OSError, ValueError, asyncio.TimeoutError):
            pass


async def main():
    with open(job["file"]) as file:
        pairs = [line.split() for line in file] * job["repetitions"]
    addresses = enumerate((host, int(port)) for host, port in pairs)
    lines = []
    started, cpu = time.monotonic(), time.process_time()
    await asyncio.gather(*(work(addresses, lines) for _ in range(min(job["concurrency"], len(pairs)))))
    outcome = {
        "received": len(lines),
        "wallMs": 1000 * (time.monotonic() - started),
        "cpuMs": 1000 * (time.process_time() - cpu),
        "peakMb": peak_mb(),
    }
    print(json.dumps({**outcome, "lines": lines} if job["track"] else outcome))


asyncio.run(main())
