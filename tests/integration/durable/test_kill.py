"""A process that is killed in the middle of a sync: the next one goes on at the page where it stopped."""

from __future__ import annotations

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL is a matter of POSIX")
@pytest.mark.parametrize(("sign", "code"), [(signal.SIGKILL, -signal.SIGKILL), (signal.SIGINT, 7)])
def test_a_killed_sync_goes_on_at_its_page(connected: Any, tmp_path: Path, sign: signal.Signals, code: int) -> None:
    integration, api = connected(page_size=2)
    for key in range(1, 12):
        api.add(key, f"Company {key}")
    reached, go_on = threading.Event(), threading.Event()

    def stall(seen: Any) -> None:
        if seen.query.get("pageId") == "4":
            reached.set()
            go_on.wait(20)
        elif reached.is_set():
            time.sleep(1)  # a busy machine takes a while to see an interrupt

    api.before = stall
    integration.close()
    environment = {**os.environ, "CW_INTEGRATION_PAGE_SIZE": "2", "CW_INTEGRATION_PAGES_PER_STEP": "1"}
    command = [sys.executable, "-m", "integration", "--state", str(tmp_path / "state0"), "sync", "--json"]
    first = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    assert reached.wait(30)
    _wait_for_mark(tmp_path / "state0" / "mirror.db", "pageId=4")
    first.send_signal(sign)
    if sign == signal.SIGINT:
        go_on.set()
    out, _ = first.communicate(timeout=30)
    go_on.set()
    assert first.returncode == code
    kept = 2
    if code == 7:
        told = re.search(r"after (\d) pages and (\d) companies", json.loads(out)["error"]["message"])
        assert told is not None
        kept = int(told[1])
        assert int(told[2]) == 2 * kept
    api.before = lambda seen: None
    api.seen.clear()
    second = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    report = json.loads(second.stdout)
    assert (report["resumed"], report["received"], report["companies"]) == (True, 11, 11)
    assert api.pages() == ["", "2", "4", "6", "8", "10"][kept:]


def _wait_for_mark(database: Path, mark: str) -> None:
    """Wait until the page before `mark` is written: the next one is asked for a little earlier."""
    for _ in range(300):
        file = sqlite3.connect(database)
        found = file.execute("SELECT mark FROM runs").fetchall()
        file.close()
        if found == [(mark,)]:
            return
        time.sleep(0.02)
    raise AssertionError("the page was never written")
