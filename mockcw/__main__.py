"""`python -m mockcw`."""

from mockcw.cli import main

main()
