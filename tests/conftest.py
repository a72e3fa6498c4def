"""What every test shares: property tests answer for what they find, not for how busy the machine is; Ctrl-C is heard."""

from __future__ import annotations

import signal

from hypothesis import settings

settings.register_profile("qianfa", deadline=None)
settings.load_profile("qianfa")

# Whoever starts the tests in the background of a shell, or under nohup, has the system ignore these signals in them, and in
# every program that they start. The programs that are stopped by them here are meant to be.
for one, heard in ((signal.SIGINT, signal.default_int_handler), (signal.SIGHUP, signal.SIG_DFL)):
    if signal.getsignal(one) is signal.SIG_IGN:
        signal.signal(one, heard)
