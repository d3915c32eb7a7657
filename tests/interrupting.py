"""Ctrl-C for a process that a test started."""

import signal
import subprocess


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
