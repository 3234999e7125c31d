//! Evidence only: see `tests/`.
