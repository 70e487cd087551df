"""How long data is kept: at least, at most, held longer, and gone. `docs/decisions/0009-retention.md` says why so."""
