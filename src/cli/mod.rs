//! Commands and flags: the outside of the program. They call `lib` and print.
