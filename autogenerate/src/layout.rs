//! The sections of a revision file: scripts of several dialects as one text, in which what is the same stands once.

use std::fmt::Write as _;

use revchain_core::Dialect;

use crate::Script;

/// What is written for a dialect, in both directions.
#[derive(Debug, Clone)]
pub struct Written {
    /// The dialect.
    pub dialect: Dialect,
    /// What leads to the new schema.
    pub upgrade: Script,
    /// What leads back.
    pub downgrade: Script,
}

/// The sections of all dialects of a chain, upgrades first. `all` is how many dialects the chain has.
pub fn sections(written: &[Written], all: usize) -> String {
    let mut text = String::new();
    for (direction, of) in [("upgrade", upgrade as fn(&Written) -> &Script), ("downgrade", downgrade)] {
        let mut groups: Vec<(Vec<Dialect>, &Script)> = Vec::new();
        for one in written {
            let script = of(one);
            match groups.iter_mut().find(|(_, known)| is_same(known, script)) {
                Some((dialects, _)) => dialects.push(one.dialect),
                None => groups.push((vec![one.dialect], script)),
            }
        }
        for (dialects, script) in groups {
            // Writing to a String cannot fail.
            let _ = write!(text, "\n-- @{direction}");
            if dialects.len() < all || script.is_rebuild {
                let names: Vec<&str> = dialects.iter().map(|dialect| dialect.name()).collect();
                let _ = write!(text, " {}", names.join(", "));
            }
            text.push_str(if script.is_rebuild { "; rebuild\n" } else { "\n" });
            body(script, &mut text);
        }
    }
    text
}

fn upgrade(written: &Written) -> &Script {
    &written.upgrade
}

fn downgrade(written: &Written) -> &Script {
    &written.downgrade
}

/// Whether two scripts read the same.
fn is_same(one: &Script, other: &Script) -> bool {
    one.steps == other.steps
        && one.is_rebuild == other.is_rebuild
        && one.remarks == other.remarks
        && one.omitted.iter().map(|omitted| &omitted.why).eq(other.omitted.iter().map(|omitted| &omitted.why))
}

fn body(script: &Script, text: &mut String) {
    if script.steps.is_empty() && script.omitted.is_empty() && script.remarks.is_empty() {
        text.push_str("-- Nothing to do here.\n");
    }
    for omitted in &script.omitted {
        comment(&format!("Not written: {}: {}", omitted.difference.object, omitted.why), text);
    }
    for step in &script.steps {
        for note in step.note.iter().flat_map(|note| note.lines()) {
            comment(note, text);
        }
        let _ = writeln!(text, "{};", step.sql);
    }
    for remark in &script.remarks {
        // What is set in is SQL, and stays in its lines.
        match remark.starts_with(' ') {
            true => {
                let _ = writeln!(text, "-- {remark}");
            }
            false => comment(remark, text),
        }
    }
}

/// A comment, in lines that fit a screen.
fn comment(words: &str, text: &mut String) {
    let mut line = String::from("--");
    for word in words.split_whitespace() {
        if line.len() > 2 && line.len() + 1 + word.len() > WIDTH {
            text.push_str(&line);
            text.push('\n');
            line.truncate(2);
        }
        line.push(' ');
        line.push_str(word);
    }
    text.push_str(&line);
    text.push('\n');
}

/// How long a line of a comment is at the most, where its words allow it.
const WIDTH: usize = 100;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Step;

    fn script(statements: &[&str]) -> Script {
        Script { steps: statements.iter().map(|sql| Step::new(*sql)).collect(), ..Script::default() }
    }

    #[test]
    fn what_is_the_same_stands_once() {
        let written = |dialect, upgrade: &[&str]| Written {
            dialect,
            upgrade: script(upgrade),
            downgrade: script(&["DROP TABLE a"]),
        };
        let same = [written(Dialect::Postgres, &["CREATE TABLE a"]), written(Dialect::Sqlite, &["CREATE TABLE a"])];
        assert_eq!(sections(&same, 2), "\n-- @upgrade\nCREATE TABLE a;\n\n-- @downgrade\nDROP TABLE a;\n");
        let other = [written(Dialect::Postgres, &["CREATE TABLE a"]), written(Dialect::Sqlite, &[])];
        assert_eq!(
            sections(&other, 2),
            "\n-- @upgrade postgres\nCREATE TABLE a;\n\n-- @upgrade sqlite\n-- Nothing to do here.\n\n\
             -- @downgrade\nDROP TABLE a;\n"
        );
    }

    #[test]
    fn what_somebody_should_look_at_stands_above() {
        let mut upgrade = script(&[]);
        upgrade.steps.push(Step::noted("ALTER TABLE a DROP COLUMN b", "What is in `a.b` goes."));
        upgrade.is_rebuild = true;
        let written = [Written { dialect: Dialect::Sqlite, upgrade, downgrade: script(&["SELECT 1"]) }];
        assert_eq!(
            sections(&written, 1),
            "\n-- @upgrade sqlite; rebuild\n-- What is in `a.b` goes.\nALTER TABLE a DROP COLUMN b;\n\n\
             -- @downgrade\nSELECT 1;\n"
        );
    }
}
