"""How long `mockcw serve --ready-file F` takes from the command's start to the first answer."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

RUNS = 7


def once(folder: Path) -> float:
    """Seconds from the start of the command to the answer of its first request."""
    ready = folder / "ready.json"
    ready.unlink(missing_ok=True)
    command = [str(Path(sys.executable).with_name("mockcw")), "serve", "--port", "0", "--ready-file", str(ready)]
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        while not ready.exists():
            if process.poll() is not None:
                raise SystemExit(f"mockcw serve ended with {process.returncode}")
            time.sleep(0.002)
        told = json.loads(ready.read_text())
        with urllib.request.urlopen(f"{told['url']}/login/companyinfo/{told['company_id']}") as answer:
            answer.read()
        return time.perf_counter() - started
    finally:
        process.terminate()
        process.wait(10)


def bare() -> float:
    """Seconds to import Flask alone, the part of the start that is not ours."""
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import flask"], check=True)
    return time.perf_counter() - started


def run() -> dict[str, float]:
    """Medians, and the ratio to importing Flask."""
    with tempfile.TemporaryDirectory() as folder:
        ours = [once(Path(folder)) for _ in range(RUNS)]
    reference = statistics.median(bare() for _ in range(RUNS))
    middle = statistics.median(ours)
    return {
        "first answer, median seconds": middle,
        "first answer, slowest of 7": max(ours),
        "import flask, median seconds": reference,
        "ratio to importing flask": middle / reference,
    }
