"""GET /system/info: the connection test of most integrations."""

from __future__ import annotations

from typing import Any

from mockcw.engine.act import Act, Action


def system_info(act: Act) -> dict[str, Any]:
    """Version, region and zone of the emulated server (shape captured)."""
    choices = act.choices
    return {
        "version": choices.version,
        "isCloud": True,
        "serverTimeZone": choices.server_time_zone,
        "licenseBits": [{"name": "ServiceDesk", "activeFlag": True}],
        "cloudRegion": choices.cloud_region,
    }


ACTIONS = (Action("getSystemInfo", system_info, "captured", "Version and region of the server."),)
