//! Evidence only: broken and sound migrations directories in `cases/`, and what each door says about them in `tests/`.
