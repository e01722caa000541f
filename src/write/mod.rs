//! `Output` → disk: decides what to write, then writes it, all or nothing.
