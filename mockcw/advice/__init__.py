"""What a vendor's guide needs of a role, tried on an emulator: flows, their outcome, the smallest role that passes."""
