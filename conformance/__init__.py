"""The judge: requirements, wire checks, state machines and reports; sees the wire and a subject, never inside."""
