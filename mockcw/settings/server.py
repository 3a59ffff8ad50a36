"""What may be chosen about the emulated server: its company, release, zone and limits, and what the emulator keeps."""

from __future__ import annotations

from dataclasses import dataclass

from mockcw.settings.setting import setting


@dataclass(frozen=True, kw_only=True)
class Server:
    """Choices about the emulated server."""

    profile: str = setting(
        "",
        "own",
        "Sets of settings by name, separated by commas: cloud, lag, strict-udf. A setting named beside them wins.",
    )
    company_id: str = setting("training", "own", "The company id that credentials start with.")
    company_name: str = setting("Training MSP", "own", "The name /login/companyinfo answers.")
    codebase: str = setting("v2025_1", "documented", "The code base of the emulated cloud release.")
    version: str = setting("v2025.1.111111", "assumed", "The version /system/info answers; build number is ours.")
    moved_codebase_404_seconds: int = setting(
        0, "assumed", "Seconds after a move to another code base for which a record asked for by id is not found."
    )
    overload_requests: int = setting(
        0, "assumed", "Requests at once, waiting ones included, above which one is answered 500; 0 is no limit."
    )
    overload_message: str = setting(
        "Timeout expired.  The timeout period elapsed prior to obtaining a connection from the pool.  This may have "
        "occurred because all pooled connections were in use and max pool size was reached.",
        "captured",
        "Text of that 500.",
    )
    cloud_region: str = setting("NA", "captured", "The region /system/info answers.")
    server_time_zone: str = setting(
        "Eastern Standard Time",
        "captured",
        "The zone /system/info answers, by its Windows name; it decides which day is today.",
    )
    search_lag: str = setting(
        "",
        "assumed",
        "Seconds until searches find a new record, by kind, as in agreements=180,tickets=30; minutes were reported of "
        "agreements.",
    )
    rules_off: str = setting(
        "", "own", "Ids of rules that are left out, separated by commas; `mockcw coverage --rules` lists them."
    )
    rate_limit: int = setting(
        0,
        "documented",
        "Requests a minute and company before 429, by the emulated clock; 0 is no limit (the guide says 1000).",
    )
    rate_limit_message: str = setting(
        "Too many requests. Please try again in {seconds} seconds.", "captured", "Text of the 429."
    )
    journal_size: int = setting(2000, "own", "How many exchanges the journal keeps.")
    journal_body: int = setting(16_384, "own", "Bytes of a body the journal keeps.")
