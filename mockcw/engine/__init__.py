"""The generic verbs over the store: list, get, count, create, replace, patch, delete. Knows no resource by name."""
