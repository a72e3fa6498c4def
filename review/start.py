"""Where the program starts: it loads the commands, and whoever stops it meanwhile sees no trace of how."""

from __future__ import annotations

import signal
import sys

STOPPED = 130


def main() -> None:
    """Run the command line. While it is being loaded, Ctrl-C simply ends the process: nothing has begun."""
    heard = signal.getsignal(signal.SIGINT) is signal.default_int_handler  # where it is ignored, it stays so
    if heard:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from review.cli import main as run  # noqa: PLC0415  # loading takes long enough to be stopped in

    try:
        if heard:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        run()
    except KeyboardInterrupt:  # of those that come while the program ends already
        sys.exit(STOPPED)
