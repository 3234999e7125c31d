//! Checks of what a revision file says: one idea a file.
