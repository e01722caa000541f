//! Diagnostics → text: for people, and for the machines that read them.
