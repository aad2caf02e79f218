"""Runs a module, as `python -m` does, in a process that the kernel kills when the one that started it is gone."""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1

ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
os.execv(sys.executable, [sys.executable, '-m', *sys.argv[1:]])
