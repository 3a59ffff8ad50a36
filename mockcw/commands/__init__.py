"""Commands that talk to a running emulator, or serve a story: each knows its calls, and how a person reads them."""
