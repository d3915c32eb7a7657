"""What every test may rely on, however the run was started."""

import signal

# A shell starts `make test &` with Ctrl-C ignored, and every process that a test starts would inherit that, and wait for ever.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
