"""mockcw."""
