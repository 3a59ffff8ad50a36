"""Who is at the door: credentials of each kind, and the member or integrator login behind them.

`given` reads what came in, `keys`, `sessions` and `integrators` say whose it is, `who` makes the `Actor`, and `page`
is the log-in page that hands out member hashes. Why nobody gets in goes to the journal; the answer never tells.
"""

from mockcw.pipeline.login.given import Given, NoEntry, cookies_of, read
from mockcw.pipeline.login.who import Entry, enter, find_tenant

__all__ = ["Entry", "Given", "NoEntry", "cookies_of", "enter", "find_tenant", "read"]
