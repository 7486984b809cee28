"""Runs a command on a terminal of its own, 100 columns wide, and passes on what it writes there.

SIGUSR1 presses Ctrl-C. The exit status is the command's.
"""
import fcntl
import os
import pty
import signal
import struct
import sys
import termios

pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 100, 0, 0))
signal.signal(signal.SIGUSR1, lambda *_: os.write(terminal, b"\x03"))
while True:
    try:
        written = os.read(terminal, 4096)
    except OSError:  # Linux: nobody has the terminal open any more
        break
    if not written:
        break
    os.write(1, written)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
