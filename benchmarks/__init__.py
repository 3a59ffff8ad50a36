"""Benchmarks, always as ratios measured in one run: absolute times on a shared machine mean little."""
