"""Ctrl-C for a process that a test started."""

import signal
import subprocess
import time
from pathlib import Path


def wait_until_asleep(process: "subprocess.Popen[str] | subprocess.Popen[bytes]") -> None:
    """Wait until the process waits for something.

    Python notices a signal that comes between its last look at signals and a call that waits only when that call has ended.
    """
    end = time.monotonic() + 60
    while process.poll() is None and Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()[0] != "S":
        assert time.monotonic() < end, "it does not wait for anything"
        time.sleep(0.01)


def press_ctrl_c(process: "subprocess.Popen[str] | subprocess.Popen[bytes]") -> None:
    """Press Ctrl-C while the process waits for something."""
    wait_until_asleep(process)
    process.send_signal(signal.SIGINT)


def interrupt(process: "subprocess.Popen[str]") -> str:
    """Press Ctrl-C, wait for the end, and give what was said on stderr."""
    process.send_signal(signal.SIGINT)
    try:
        _, errors = process.communicate(timeout=60)
    except subprocess.TimeoutExpired:
        # The interpreter's own start may lose one in a callback of its import system, and says so: the next one ends it.
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
        assert "Exception ignored in" in errors, errors
    finally:
        process.kill()
    return errors
