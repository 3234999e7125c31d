//! What is said of faults and hazards: their codes, and what to do where nothing more is known.

use revchain_core::{Code, Severity};

use super::hits::Hit;
use super::walk::Statement;
use crate::hazard::Hazard;
use crate::replay::{Fault, FaultKind};

/// What is said of a declaration that is as hard to read as what it stands for.
pub(super) fn unreadable(statement: &Statement<'_>) -> Hit {
    Hit {
        code: Code::BadReplay,
        severity: Severity::Error,
        span: statement.span(statement.whole()),
        message: "this is declared to the replay, and can't be read".to_owned(),
        label: String::new(),
        also: Vec::new(),
        help: "write the CREATE, ALTER and DROP statements that come to the same, or `nothing`; an empty comment line ends a \
               declaration"
            .to_owned(),
    }
}

pub(super) fn of_fault(fault: &Fault, statement: &Statement<'_>) -> Hit {
    Hit {
        code: code_of(fault.kind),
        severity: Severity::Error,
        span: statement.span(fault.part.unwrap_or(statement.whole())),
        message: fault.message.clone(),
        label: String::new(),
        also: fault.also.iter().filter_map(|(place, text)| Some((place.span?, text.clone()))).collect(),
        help: fault.help.clone().unwrap_or_else(|| help_of(fault.kind).to_owned()),
    }
}

pub(super) fn of_hazard(hazard: Hazard, statement: &Statement<'_>) -> Hit {
    Hit {
        code: hazard.code,
        severity: Severity::Warning,
        span: statement.span(hazard.part.unwrap_or(statement.whole())),
        message: hazard.message,
        label: String::new(),
        also: hazard.also.into_iter().filter_map(|(place, text)| Some((place.span?, text))).collect(),
        help: hazard.help,
    }
}

/// The code of a kind of fault.
const fn code_of(kind: FaultKind) -> Code {
    match kind {
        FaultKind::UnknownTable => Code::UnknownTable,
        FaultKind::DuplicateTable => Code::DuplicateTable,
        FaultKind::UnknownColumn => Code::UnknownColumn,
        FaultKind::DuplicateColumn => Code::DuplicateColumn,
        FaultKind::UnknownIndex => Code::UnknownIndex,
        FaultKind::DuplicateIndex => Code::DuplicateIndex,
        FaultKind::UnknownConstraint => Code::UnknownConstraint,
        FaultKind::DuplicateConstraint => Code::DuplicateConstraint,
        FaultKind::UnknownType => Code::UnknownType,
        FaultKind::DuplicateType => Code::DuplicateType,
        FaultKind::ForeignKeyTarget => Code::ForeignKeyTarget,
        FaultKind::ForeignKeyType => Code::ForeignKeyType,
        FaultKind::StillNeeded => Code::StillNeeded,
        FaultKind::OverlongName => Code::OverlongName,
        FaultKind::NoSuchForm => Code::NoSuchForm,
        FaultKind::RowDoesNotFit => Code::RowDoesNotFit,
        FaultKind::ImpossibleColumn => Code::ImpossibleColumn,
        FaultKind::OperandsDiffer => Code::OperandsDiffer,
        FaultKind::Other => Code::UnknownObject,
    }
}

/// What to do, where nothing more is known.
const fn help_of(kind: FaultKind) -> &'static str {
    match kind {
        FaultKind::UnknownTable | FaultKind::UnknownColumn | FaultKind::UnknownIndex | FaultKind::UnknownConstraint => {
            "correct the name, or remove the statement; the schema at this point of the chain doesn't have it"
        }
        FaultKind::UnknownType => "correct the name, or make the type (or its extension) first",
        FaultKind::DuplicateTable | FaultKind::DuplicateType | FaultKind::DuplicateConstraint => {
            "remove one of the two, or give this one another name"
        }
        FaultKind::DuplicateColumn => "remove one of the two",
        FaultKind::DuplicateIndex => "give it another name: an index is best named after its table and columns",
        FaultKind::ForeignKeyTarget => "refer to the primary key, or make these columns unique first",
        FaultKind::ForeignKeyType => "give both sides one type",
        FaultKind::StillNeeded => "drop what needs it first",
        FaultKind::OverlongName => "choose a shorter one",
        FaultKind::NoSuchForm => "write it as this database does",
        FaultKind::RowDoesNotFit => "give each column one value",
        FaultKind::ImpossibleColumn => "define it as the database does",
        FaultKind::OperandsDiffer => "give both sides one type",
        FaultKind::Other => "correct the name, or say IF EXISTS where it may be missing",
    }
}
