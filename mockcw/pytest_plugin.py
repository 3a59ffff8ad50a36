"""Fixtures for people who test against the emulator: `cw` in process, `cw_server` on a port."""

from __future__ import annotations
