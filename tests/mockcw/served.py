"""`mockcw serve --db` as a process that can be killed: it is started again on the same file, on another free port."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

PATIENCE = 60.0
ROOT = "/v4_6_release/apis/3.0"


class Served:
    """The process and what its ready file says; `options` are given to the command as they are."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.file = folder / "state.db"
        self._ready = folder / "ready.json"
        self._options = options
        self.said: dict[str, Any] = {}
        self.start()

    def start(self) -> None:
        """Start on the same file, on a free port; returns when requests are taken."""
        self._ready.unlink(missing_ok=True)
        command = [sys.executable, "-m", "mockcw", "serve", "--port", "0", "--ready-file", str(self._ready)]
        self._process = subprocess.Popen([*command, "--db", str(self.file), *self._options], stdout=subprocess.DEVNULL)
        until = time.monotonic() + PATIENCE
        while not self._ready.exists():
            assert self._process.poll() is None
            assert time.monotonic() < until
            time.sleep(0.01)
        self.said = json.loads(self._ready.read_text())

    @property
    def api_url(self) -> str:
        """The API root."""
        return f"{self.said['url']}{ROOT}"

    @property
    def auth(self) -> tuple[str, str]:
        """User name and password of the member who may everything."""
        member = self.said["members"]["admin"]
        return f"{self.said['company_id']}+{member['public_key']}", str(member["private_key"])

    @property
    def client_id(self) -> str:
        """The clientId header of that member."""
        return str(self.said["members"]["admin"]["client_id"])

    def kill(self) -> None:
        """End it as a power cut would."""
        self._process.kill()
        self._process.wait()

    def stop(self) -> None:
        """End it in an orderly way."""
        self._process.terminate()
        self._process.wait(20)
