"""`python -m integration` is `cw-integration`. Knows nothing but that."""

from __future__ import annotations

from integration.cli import main

if __name__ == "__main__":
    main()
