//! The working tree → `Tree`. The only reader.
