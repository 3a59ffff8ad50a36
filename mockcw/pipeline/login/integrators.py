"""Integrator logins: a user name and a password, switches in place of a security role. Reads the store, writes nothing.

That they have no role, a switch for each API, and without canAccessAllRecordsFlag only the records they made themselves
is documented. Assumed: which role rows a switch opens, and that setup tables, members, reports and what else is under
System can be read whole, since nobody could work with the ones made by himself.
"""

from __future__ import annotations

from mockcw.catalogue import Catalogue
from mockcw.catalogue.switches import ALL_APIS, ALL_RECORDS, switches
from mockcw.engine.change import Look, Record
from mockcw.permissions import Levels, Role
from mockcw.permissions.records import INTEGRATOR_PASSWORDS, INTEGRATORS, opens
from mockcw.pipeline.login.given import NoEntry, trimmed
from mockcw.pipeline.login.keys import key_of

WHOLE = "System"
EVERYTHING, OWN = Levels(*["All"] * 4), Levels(*["My"] * 4)


def log_in(look: Look, username: str, password: str) -> Record:
    """The integrator login that a user name and a password let in. Raises NoEntry."""
    login = found(look, username)
    if login is None:
        said = f"no integrator login has the user name that was given{hint(look, username)}"
        raise NoEntry("unknown-integrator", said)
    name, kept = login["username"], look.get(INTEGRATOR_PASSWORDS, login["id"])
    if kept is None:
        raise NoEntry("wrong-password", f"integrator login {name} has no password yet")
    if not opens(kept, password):
        blank = trimmed(password) != password
        why = " (it has a blank around it)" if blank else ""
        raise NoEntry("wrong-password", f"wrong password of integrator login {name}{why}")
    if login.get("inactiveFlag"):
        raise NoEntry("inactive-integrator", f"integrator login {name} is inactive")
    return login


def hint(look: Look, username: str) -> str:
    """What an unknown user name may be instead."""
    if trimmed(username) != username and found(look, trimmed(username)) is not None:
        return " (it has a blank around it; without the blank it is known)"
    if key_of(look, username) is not None:
        return ": it is a public key, which comes without the header x-cw-usertype: integrator"
    return ""


def found(look: Look, username: str) -> Record | None:
    """The integrator login with this user name, in any letter case."""
    rows = look.find(INTEGRATORS, username=username) if username else []
    return rows[0] if rows else None


def role_of(login: Record, catalogue: Catalogue) -> Role:
    """The switches of an integrator login, as the role that would let in the same."""
    if login.get(ALL_APIS):
        rows = [(area.module, area.area) for area in catalogue.areas]
    else:
        rows = [(one.module, one.area) for one in switches() if login.get(one.flag)]
    others = EVERYTHING if login.get(ALL_RECORDS) else OWN
    levels = {row: EVERYTHING if row[0] == WHOLE else others for row in rows}
    return Role(0, f"integrator login {login['username']}", False, levels)
