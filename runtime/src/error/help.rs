//! What an error tells people to do: the last part of what they read. Never says what happened, which is `words`.

use crate::error::{Error, ErrorKind, Kept};
use crate::plan::{Direction, Step};

impl Error {
    /// What to do: the last part of what `Display` writes.
    pub fn help(&self) -> Option<String> {
        let help = self.help_of_kind();
        match self.timed_out() {
            Some(limit) => {
                let limit = limit.help(self.blockers(), self.is_of_a_file());
                Some([Some(limit), help].into_iter().flatten().collect::<Vec<_>>().join("; "))
            }
            None => help,
        }
    }

    fn help_of_kind(&self) -> Option<String> {
        let inner = &*self.0;
        let step = inner.step.as_ref();
        let id = step.map_or("", |step| step.revision.id());
        let verb = step.map_or("upgrade", |step| step.direction.name());
        Some(match &inner.kind {
            ErrorKind::BadTarget { .. } => {
                "a target is `head`, `base`, a revision id or the start of one, `+2`, `-1`, `<id>+1` or `<id>-2`".to_owned()
            }
            ErrorKind::UnknownTarget { target, nearest } if nearest.is_empty() => match target.as_str() {
                "current" => "`current` is where the database stands; `+1` and `-1` count from there".to_owned(),
                _ => "`history` lists the revisions of this chain".to_owned(),
            },
            ErrorKind::UnknownTarget { nearest, .. } => format!("did you mean {}?", alternatives(nearest)),
            ErrorKind::AmbiguousTarget { .. } => "type more of the id".to_owned(),
            ErrorKind::UnknownCurrent { head, .. } => format!(
                "likely causes: this chain is older than the database (use the newer one); the revision's file \
                 was deleted or rebased (bring it back); this is the wrong database (check the URL). If you know \
                 that the schema is that of one of this chain's revisions{}, say so with `stamp --purge <rev>`",
                head.as_ref().map(|head| format!(", of which `{head}` is the newest")).unwrap_or_default()
            ),
            // So many would have been the right way.
            ErrorKind::RelativeCount { offset, count: 1.., available: 1.., .. } => {
                let end = if offset.starts_with('-') { "base" } else { "head" };
                format!("count fewer; `{end}` is the end that way")
            }
            ErrorKind::RelativeCount { offset, count, .. } => match (count, offset.starts_with('-')) {
                (0, _) => "leave it out: the database is where it is".to_owned(),
                (_, true) => "`-N` is for `downgrade`; `base` is the end that way".to_owned(),
                (_, false) => "`+N` is for `upgrade`; `head` is the end that way".to_owned(),
            },
            ErrorKind::WalkedTooFar { .. } => "ask for `base` or `head`, or count fewer steps".to_owned(),
            ErrorKind::NotBelow { target, .. } => format!("to go there, `upgrade {target}`"),
            ErrorKind::BadRange { .. } => "for instance `-3:head`, `base:current` or `1b2c:`".to_owned(),
            ErrorKind::ReversedRange { .. } => "exchange the two ends; the older one comes first".to_owned(),
            ErrorKind::RangeNotAllowed { target } => {
                let end = target.rsplit(':').next().filter(|end| !end.is_empty()).unwrap_or("head");
                format!("a run starts where the database stands: write `{end}`; ranges are for `--sql`")
            }
            ErrorKind::BadScriptRange { .. } => {
                "for instance `head`, `1b2c:head` or `base:+2` to upgrade, `head:1b2c` or `head:-1` to downgrade".to_owned()
            }
            ErrorKind::NotOffline { .. } => {
                let place = |id: Option<&str>| id.unwrap_or("base").to_owned();
                let (from, to) = (place(step.and_then(|step| step.from())), place(step.and_then(|step| step.to())));
                format!(
                    "nothing was written; apply a script that ends at `{from}`, run this revision with `{verb} {to}`, and \
                     go on with a script that starts at `{to}`"
                )
            }
            ErrorKind::Irreversible { .. } => format!(
                "nothing was run; downgrade to `{id}` at the lowest, or restore a backup from before it"
            ),
            ErrorKind::DialectNotServed { dialect } => format!(
                "nothing was run; add `{}` to `dialects` in revchain.toml and give each revision its section",
                dialect.name()
            ),
            ErrorKind::ManyRows { .. } => {
                "find out which one is true, and set it with `stamp --purge <rev>`".to_owned()
            }
            ErrorKind::ManyTables { .. } => {
                "say which one is meant: `version_table_schema` in revchain.toml".to_owned()
            }
            ErrorKind::OpenTransaction {} => {
                "commit or roll back first, or pass the pool: every revision needs a transaction of its own".to_owned()
            }
            ErrorKind::Edited { revisions, current } => {
                let its = if revisions.len() == 1 { "its file" } else { "their files" };
                format!(
                    "nothing was run: what follows was made for a schema that this database may not have. Put {its} back, and \
                     make the change in a new revision; or, if the database has what the text says now, say so with \
                     `stamp {current}`. `edited = \"warning\"` in revchain.toml lets runs go on"
                )
            }
            ErrorKind::Contended { .. } => "see who else is moving this database, then try again".to_owned(),
            ErrorKind::Busy { .. } => {
                "wait for it to end; if it is gone for good, end its connection in the database, and where that is gone, too, \
                 say so with `settle ran` or `settle not-run`, whichever is true of the last statement"
                    .to_owned()
            }
            ErrorKind::InDoubt { look, .. } => format!(
                "look at {look}. If the statement did its work: `settle ran`; if it did not: `settle not-run`. Then run the {verb} again"
            ),
            ErrorKind::InterruptedElsewhere { .. } => {
                "run the program that has this revision; or finish or undo it by hand, and say where the database stands with \
                 `stamp <rev>`"
                    .to_owned()
            }
            ErrorKind::ChangedMeanwhile { .. } => format!(
                "put them back as they were, and change only what comes after; or finish or undo `{id}` by hand, and say where \
                 the database stands with `stamp <rev>`"
            ),
            ErrorKind::Statement { kept } | ErrorKind::Function { kept } => match kept {
                Kept::Noted => format!(
                    "what ran of `{id}` before this stays and is noted, and the version table names {}. Mend the cause, in the \
                     database or in the file from here on, and run the {verb} again: it goes on here. Or undo what ran by hand, \
                     and `stamp {}`",
                    lower(step),
                    step.and_then(|step| step.from()).unwrap_or("base"),
                ),
                Kept::Nothing if self.is_of_an_occupied_database() => format!(
                    "nothing of `{id}` was kept. The database has tables, and no revision: if they are this chain's, say where they \
                     stand with `stamp <rev>`, or `stamp head`; if not, check the URL"
                ),
                Kept::Nothing => format!("nothing of `{id}` was kept; mend the cause and run the {verb} again"),
                Kept::Part => {
                    let lower = lower(step);
                    let way_out = match step.map(Step::direction) {
                        // The version row is below already: the same downgrade again would go on from there.
                        Some(Direction::Downgrade) => format!("finish it by hand, or restore what went and `stamp {id}`"),
                        _ => format!("undo it by hand and run the upgrade again, or finish it by hand and `stamp {id}`"),
                    };
                    format!("what ran of `{id}` before this stays, and the version table names {lower}; {way_out}")
                }
                Kept::Unknown => format!(
                    "the connection went away, so nobody knows whether `{id}` was committed; `current` tells, and \
                     running the {verb} again is safe"
                ),
            },
            ErrorKind::NoProgress { .. } => {
                "limit the statement to the batch, and let its WHERE exclude the rows that are done; the rounds that ran \
                 stay"
                    .to_owned()
            }
            ErrorKind::ForeignKeys { .. } => {
                format!("nothing of `{id}` was kept; give these rows a parent or delete them in the revision, before the rebuild")
            }
            ErrorKind::Custom { .. } if step.is_some() => {
                format!("once that is put right, run the {verb} again")
            }
            ErrorKind::Custom { .. } => return None,
            ErrorKind::BadUrl { url, .. } if url.contains("://") && url.contains(":***@") => {
                "in a user's name or password, write `%2F` for `/`, `%40` for `@`, `%23` for `#` and `%3F` for `?`; the host and the \
                 database follow the last `@`"
                    .to_owned()
            }
            ErrorKind::BadUrl { .. } => {
                "for instance `sqlite:app.db`, `postgres://user@host/name` or `mysql://user@host/name`".to_owned()
            }
            ErrorKind::DriverMissing { dialect } => {
                format!("build it with the feature `{}` of revchain, and of revchain-cli where that is used", dialect.name())
            }
            ErrorKind::MissingFile { .. } => "check the path; `upgrade` creates the file".to_owned(),
            ErrorKind::MissingDirectory { .. } => "create it, or check the path".to_owned(),
            ErrorKind::Connection { url } => self.connection_help(url.as_deref()).to_owned(),
            ErrorKind::Database {} => return self.refusal_help().map(str::to_owned),
        })
    }
}

impl Error {
    /// What to do where the database refuses something of ours, which is right: where this user may not.
    fn refusal_help(&self) -> Option<&'static str> {
        let source = self.0.source.as_ref()?.downcast_ref::<sqlx::Error>()?;
        let sqlx::Error::Database(error) = source else { return None };
        let denied = "this user may not do that: grant it, or name one in the URL who may; where only tables can't be made, \
                      `ensure-version`, by one who may, makes the version table";
        let nowhere =
            "make it first, or mend `version_table_schema` in revchain.toml: no revision makes what its own row needs";
        #[cfg(feature = "sqlite")]
        if error.try_downcast_ref::<sqlx::sqlite::SqliteError>().is_some() {
            // The low byte is the kind: <https://www.sqlite.org/rescode.html>
            return match error.code()?.parse::<u32>().ok()? & 0xff {
                5 => Some("another program holds the file: try again when it is done"),
                8 => Some(
                    "check that you may write the file, and in its directory, and that the URL doesn't say `mode=ro`",
                ),
                26 => Some("check the URL: the file is something else, or encrypted"),
                _ => None,
            };
        }
        #[cfg(feature = "mysql")]
        if let Some(error) = error.try_downcast_ref::<sqlx::mysql::MySqlDatabaseError>() {
            return match error.number() {
                1044 | 1142 | 1143 | 1227 => Some(denied),
                1049 => Some(nowhere),
                _ => None,
            };
        }
        match error.code().as_deref() {
            Some("42501") => Some(denied),
            Some("3F000") => Some(nowhere),
            _ => None,
        }
    }

    /// What to do where nobody answers, and where someone does and says no.
    fn connection_help(&self, url: Option<&str>) -> &'static str {
        if url.is_some_and(|url| url.starts_with("sqlite:")) {
            // In SQLAlchemy's URLs `sqlite:///app.db` is a file in the working directory.
            return match url.is_some_and(|url| url.starts_with("sqlite:///")) {
                true => {
                    "check that it is a file that you may read and write; `sqlite:///x` is `/x`, and `sqlite:x` a file here"
                }
                false => "check that it is a file that you may read and write, or a directory in which you may make it",
            };
        }
        match self.0.source.as_ref().and_then(|source| source.downcast_ref::<sqlx::Error>()) {
            // PostgreSQL's code, MySQL's words: its code is also that of a database that this user may not use.
            Some(sqlx::Error::Database(error))
                if error.code().as_deref() == Some("3D000") || error.message().starts_with("Unknown database") =>
            {
                "create the database first, or check its name in the URL"
            }
            Some(sqlx::Error::Database(_)) => "check the user, the password and the database in the URL",
            _ => "check that the server runs and that the URL is right",
        }
    }
}

impl Step {
    /// The revision that the version table names while the step is in flight: the lower one.
    fn lower(&self) -> Option<&'static str> {
        match self.direction {
            Direction::Upgrade => self.from(),
            Direction::Downgrade => self.to(),
        }
    }
}

/// What the version table names meanwhile, for people.
fn lower(step: Option<&Step>) -> String {
    match step.and_then(Step::lower) {
        Some(lower) => format!("`{lower}`"),
        None => "no revision".to_owned(),
    }
}

fn alternatives(ids: &[String]) -> String {
    ids.iter().map(|id| format!("`{id}`")).collect::<Vec<_>>().join(" or ")
}
