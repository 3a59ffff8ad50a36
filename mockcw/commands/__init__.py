"""Commands that talk to a running emulator: each knows its calls of the control API, and how a person reads them."""
