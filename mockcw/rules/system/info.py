"""GET /system/info: the connection test of most integrations."""

from __future__ import annotations

from typing import Any

from mockcw.engine.change import Action, Call


def system_info(call: Call) -> dict[str, Any]:
    """Version, region and zone of the emulated server (shape captured)."""
    facts = call.facts
    return {
        "version": facts["version"],
        "isCloud": True,
        "serverTimeZone": facts["server_time_zone"],
        "licenseBits": [{"name": "ServiceDesk", "activeFlag": True}],
        "cloudRegion": facts["cloud_region"],
    }


ACTIONS = (Action("getSystemInfo", system_info, "captured", "Version and region of the server."),)
