"""The emulator and the model agree at every one of thousands of steps: 2,000 by day, 200,000 by night."""

from __future__ import annotations

import os

from tests.mockcw.machine.ground import Ground
from tests.mockcw.machine.machine import run

BY_DAY, BY_NIGHT = 2_000, 200_000
AT_ONCE = 500  # examples of one run; a run forgets nothing it tried, so a night has many


def test_the_emulator_does_what_the_model_says() -> None:
    nightly = os.environ.get("HYPOTHESIS_PROFILE") == "soak"
    ground, seed = Ground(), 0
    try:
        while ground.steps < (BY_NIGHT if nightly else BY_DAY):
            seed += 1
            run(ground, AT_ONCE if nightly else 12, seed=None if nightly else seed)
    finally:
        ground.close()
        print(f"{ground.steps} steps, {ground.requests} requests")
    assert ground.steps >= (BY_NIGHT if nightly else BY_DAY)
