# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Doctor: say for each lab whether it can run here, in the lab VM, or not at
all, and which command fixes that. It changes nothing and asks for no password.
"""
import os

from . import place
from .catalogue import all_labs
from .errors import CANNOT_RUN
from .language import say, told


def verb():
    """labs/lab doctor"""
    print(f"Linux {os.uname().release}\n")
    nowhere = 0
    for lab in all_labs():
        spot = place.find(lab)
        nowhere += spot.where == place.NOWHERE
        tier = "" if spot.tier == "none" else \
            say(" ({tier} tier)", tier=spot.tier)
        print(f"{lab.name:<28} {told(spot.where)}{tier}")
        if spot.why:
            print(f"{'':<28}   {told(spot.why)}")
        word = say("fix") if spot.where == place.NOWHERE else say("here with")
        for command in spot.fix:
            print(f"{'':<28}   {word}: {told(command)}")
    return CANNOT_RUN if nowhere else 0
