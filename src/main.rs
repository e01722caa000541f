//! Arguments in, exit code out.

use std::process::ExitCode;

use mimalloc::MiMalloc;

/// Pages are made of many small texts, on all cores: with the allocator of the system that takes a fifth longer.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    handover::cli::run(std::env::args_os())
}
