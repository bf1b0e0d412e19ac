"""Many records: kept, matched, sorted, grouped."""
