# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Doctor: say for each lab whether it can run here, in the lab VM, or not at
all, and which command fixes that. It changes nothing and asks for no password.
"""
import os

from . import place
from .catalogue import all_labs
from .errors import CANNOT_RUN


def verb():
    """labs/lab doctor"""
    print(f"Linux {os.uname().release}\n")
    nowhere = 0
    for lab in all_labs():
        spot = place.find(lab)
        nowhere += spot.where == place.NOWHERE
        tier = "" if spot.tier == "none" else f" ({spot.tier} tier)"
        print(f"{lab.name:<28} {spot.where}{tier}")
        if spot.why:
            print(f"{'':<28}   {spot.why}")
        label = "fix" if spot.where == place.NOWHERE else "here with"
        for command in spot.fix:
            print(f"{'':<28}   {label}: {command}")
    return CANNOT_RUN if nowhere else 0
