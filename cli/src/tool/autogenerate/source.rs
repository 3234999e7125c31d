//! Where the models are: a file of DDL in the migrations directory, or the application's binary, which is asked.

use std::collections::BTreeSet;
use std::fs;

use revchain::model::TableModel;
use revchain_autogenerate::{Around, Declared, Fault, declare, declare_sql};
use revchain_core::Dialect;
use revchain_core::config::Config;
use revchain_schema::Schema;

use super::super::directory::{Directory, Program};
use super::super::{application, models};
use crate::BoxError;

/// What describes the schema.
pub(super) enum Models {
    /// Structs.
    Structs(&'static [&'static TableModel]),
    /// A file of SQL, and what stands in its place for a dialect: each with the name that messages give it.
    File(SqlFile, Vec<(Dialect, SqlFile)>),
}

/// A file, read.
pub(super) struct SqlFile {
    shown: String,
    text: String,
}

impl Models {
    /// Reads the file, or asks the application.
    pub(super) fn of(directory: &Directory, config: &Config) -> Result<Models, BoxError> {
        let Some(name) = &config.models.schema else {
            return Ok(Models::Structs(match directory.program {
                Program::Application(known) => known.ok_or_else(crate::models::untold)?,
                Program::Tool => models::read(&application::ask(directory, &config.models)?)?,
            }));
        };
        let mut special = Vec::new();
        for dialect in config.dialects.iter() {
            let beside = match name.rsplit_once('.') {
                Some((stem, end)) => format!("{stem}.{dialect}.{end}"),
                None => format!("{name}.{dialect}"),
            };
            if directory.path.join(&beside).exists() {
                special.push((dialect, read(directory, &beside)?));
            }
        }
        let served: BTreeSet<Dialect> = special.iter().map(|(dialect, _)| *dialect).collect();
        // Where every dialect has its own, nobody needs the other.
        let general = match config.dialects.iter().all(|dialect| served.contains(&dialect)) {
            true => SqlFile { shown: String::new(), text: String::new() },
            false => read(directory, name)?,
        };
        Ok(Models::File(general, special))
    }

    /// What they declare on the dialect of a schema, and what of it can't be.
    pub(super) fn declare(&self, have: &Schema, config: &Config) -> Result<(Declared, Vec<Fault>), BoxError> {
        let around = Around { have, filter: &config.objects };
        Ok(match self {
            Models::Structs(models) => declare(models, around, &config.naming),
            Models::File(general, special) => {
                let own = special.iter().find(|(dialect, _)| *dialect == have.dialect).map(|(_, file)| file);
                let file = own.unwrap_or(general);
                declare_sql(&file.text, &file.shown, around)
            }
        })
    }

    /// What to do where nothing is declared.
    pub(super) const fn nothing(&self) -> &'static str {
        match self {
            Models::Structs(_) => {
                "name the structs in `Cli::new(&MIGRATIONS).models(revchain::schema![User, …])`; tables that are no \
                 business of this chain are left out by `[objects]` in revchain.toml"
            }
            Models::File(..) => {
                "the file of `[models]` makes no table; tables that are no business of this chain are left out by \
                 `[objects]` in revchain.toml"
            }
        }
    }
}

fn read(directory: &Directory, name: &str) -> Result<SqlFile, BoxError> {
    let shown = format!("{}/{name}", directory.shown);
    match fs::read_to_string(directory.path.join(name)) {
        Ok(text) => Ok(SqlFile { shown, text }),
        Err(error) => Err(format!(
            "`{shown}`, which `[models]` in revchain.toml names, cannot be read: {error}\n  help: leave `schema` out to have \
             the application asked for its structs"
        )
        .into()),
    }
}
