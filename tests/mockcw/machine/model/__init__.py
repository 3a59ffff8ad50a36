"""The model: what the emulated records must look like, as plain dicts and rules written from the guides alone.

It knows nothing of the emulator's code. A doubtful rule says *assumed* and follows the default of the setting that
chooses it; everything else is documented or captured.
"""
