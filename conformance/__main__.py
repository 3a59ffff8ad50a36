"""`python -m conformance` is `cw-conformance`."""

from conformance.cli import main

main()
