//! `man`: the manual, from the same words as the help.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use clap_mangen::Man;

use super::command::command;
use super::print;
use crate::BoxError;

pub(super) fn run(directory: Option<&Path>) -> Result<ExitCode, BoxError> {
    let Some(directory) = directory else {
        let mut page = Vec::new();
        Man::new(command()).render(&mut page)?;
        print(&String::from_utf8_lossy(&page))?;
        return Ok(ExitCode::SUCCESS);
    };
    let written = fs::create_dir_all(directory).and_then(|()| clap_mangen::generate_to(command(), directory));
    written.map_err(|error| format!("the pages cannot be written to `{}`: {error}", directory.display()))?;
    Ok(ExitCode::SUCCESS)
}
