"""What may be chosen about who may do what: permissions, credentials, tokens, clientIds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from mockcw.settings.setting import setting


@dataclass(frozen=True, kw_only=True)
class Security:
    """Choices about who may do what: permissions, credentials, tokens, clientIds."""

    permissions: Literal["enforce", "log", "off"] = setting(
        "enforce", "own", "Whether the role decides: enforce, only log what would be refused, or off."
    )
    permissions_inferred: Literal["enforce", "log"] = setting(
        "enforce", "own", "Whether a row that is only inferred (C) refuses, or only logs that it would have."
    )
    permissions_e_access: Literal["on", "off"] = setting(
        "on", "documented", "Whether a refused write of an agreement addition carries the E_ACCESS that users report."
    )
    others_record_status: Literal[403, 404] = setting(
        403, "assumed", "What reading somebody else's record by id answers at level My; writes are always refused."
    )
    password_mask: str = setting(
        "********", "assumed", "What stands for a password in an answer to a member who may not see it; may be empty."
    )
    admin_bypass: bool = setting(True, "assumed", "A role with adminFlag passes every row.")
    hidden_record_status: Literal[403, 404] = setting(
        404, "assumed", "What a record outside the structure level answers when asked for by id."
    )
    unauthorized_message: str = setting(
        "Unauthorized", "assumed", "Text of the 401; its code is captured, its text never was."
    )
    unauthorized_status: Literal[401, 404] = setting(
        401,
        "documented",
        "Status of a log-in that fails; of the cloud a 404 is reported too, whose body nobody showed.",
    )
    security_message: str = setting(
        "You do not have security permission to perform this action.", "captured", "Text of the 403."
    )
    missing_client_id_status: Literal[400, 401, 403] = setting(
        403, "assumed", "Status without a clientId header; two sources disagree (403, 400)."
    )
    missing_client_id_message: str = setting(
        "A valid clientId header is required.", "assumed", "Text without a clientId header."
    )
    require_client_id: bool = setting(True, "documented", "Whether a request must carry a clientId header.")
    restricted_client_id_status: Literal[400, 401, 403] = setting(
        403, "assumed", "Status for a clientId that is not on the key's allow-list."
    )
    known_client_ids: str = setting(
        "", "own", "Client ids that are registered, separated by commas; empty: every one is."
    )
    unknown_client_id_status: Literal[400, 401, 403] = setting(
        403, "assumed", "Status for a clientId that is not registered; two sources disagree (403, 400)."
    )
    unknown_client_id_message: str = setting(
        "A valid clientId header is required.", "assumed", "Text for a clientId that is not registered."
    )
    restricted_client_id_message: str = setting(
        "The clientId is not allowed for this API key.", "assumed", "Text for a clientId not on the allow-list."
    )
    token_minting: Literal["integrators", "everyone"] = setting(
        "integrators",
        "documented",
        "Who may mint member tokens: integrator logins, as a team found out, or everyone, as two clients have it.",
    )
    token_hours: int = setting(4, "documented", "Hours that minted member tokens are good for.")
    session_hours: int = setting(12, "assumed", "Hours that the member hash of a cookie login is good for.")
    api_member_time: Literal["allow", "refuse"] = setting(
        "allow",
        "documented",
        "Whether an API member may be the member of a time entry: a vendor posts such time, another was refused.",
    )
    api_member_time_status: Literal[400, 403] = setting(400, "assumed", "Status of that refusal.")
    api_member_time_message: str = setting(
        "API-only members do not have access to this module", "captured", "Text of that refusal."
    )
