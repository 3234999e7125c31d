//! What operators join, and what has to be true or false: that PostgreSQL has such an operator for the two types, that a constant is a value of
//! the other side's, and everywhere that a query which stands for one value has one column. Claims nothing of types that aren't its own, nor
//! where somebody may have brought casts or operators along. MySQL and SQLite make something of any two values.

use revchain_core::Dialect;

use super::fit::{Value, postgres, shortened};
use super::names::{Seen, Stands, name_at};
use super::row::many;
use super::step::Step;
use super::{FaultKind, Replay};
use crate::change::Part;
use crate::model::{Column, DataType, Name, Table};
use crate::read::names::{Names, Operand, Operation, Reference};

/// Extensions that bring no operator and no cast between PostgreSQL's own types, but for operators that nothing is said of (tried).
const WITHOUT_OPERATORS: [&str; 16] = [
    "btree_gin",
    "btree_gist",
    "cube",
    "dblink",
    "earthdistance",
    "fuzzystrmatch",
    "hstore",
    "ltree",
    "moddatetime",
    "pg_stat_statements",
    "pg_trgm",
    "pgcrypto",
    "plpgsql",
    "postgres_fdw",
    "unaccent",
    "uuid-ossp",
];

/// What PostgreSQL tells apart where it looks for an operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Boolean,
    /// `smallint`, `integer`: a number of days, too.
    Integer,
    Bigint,
    /// `numeric`, `real`, `double precision`.
    Number,
    Text,
    Bytes,
    Date,
    Time,
    TimeWithZone,
    /// `timestamp`, with a time zone or without.
    Moment,
    Interval,
    Uuid,
    Json,
    Jsonb,
    Enumeration,
    Array,
    /// A string that has no type yet.
    Untyped,
}

use Class::{
    Array, Bigint, Boolean, Bytes, Date, Enumeration, Integer, Interval, Json, Jsonb, Moment, Number, Text, Time,
    TimeWithZone, Untyped, Uuid,
};

/// What an operator does, where it is one that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Act {
    Compare,
    Add,
    Subtract,
    Multiply,
    Divide,
    Join,
    Match,
    Reach,
}

impl Act {
    fn of(sign: &str) -> Option<Act> {
        Some(match sign.to_ascii_uppercase().as_str() {
            "=" | "<" | ">" | "<=" | ">=" | "<>" | "!=" | "BETWEEN" => Act::Compare,
            "+" => Act::Add,
            "-" => Act::Subtract,
            "*" => Act::Multiply,
            "/" => Act::Divide,
            "||" => Act::Join,
            "LIKE" | "ILIKE" | "~" | "~*" | "!~" | "!~*" => Act::Match,
            "->" | "->>" => Act::Reach,
            _ => return None,
        })
    }
}

/// Whether PostgreSQL has such an operator (`pg_operator`, with the casts that it takes by itself; tried with each pair).
fn has_operator(act: Act, left: Class, right: Class) -> bool {
    let is_number = |class: Class| matches!(class, Integer | Bigint | Number);
    let numbers = is_number(left) && is_number(right);
    let either = |one: Class, other: Class| (left, right) == (one, other) || (left, right) == (other, one);
    if [left, right].contains(&Array) {
        // What can be put together or taken out, is many a pair's.
        return match act {
            Act::Compare => left == right || [left, right].contains(&Untyped),
            Act::Match => false,
            _ => true,
        };
    }
    let is_while = |class: Class| matches!(class, Time | Interval);
    match act {
        Act::Compare => {
            numbers
                || match (left, right) {
                    (Json, _) | (_, Json) => false,
                    (Untyped, _) | (_, Untyped) => true,
                    (Date | Moment, Date | Moment) => true,
                    _ => left == right || either(Time, TimeWithZone) || either(Time, Interval),
                }
        }
        Act::Add => match (left, right) {
            (Untyped, other) | (other, Untyped) => {
                is_number(other) || matches!(other, Time | Moment | Interval | Untyped)
            }
            (Date, Integer | Time | TimeWithZone | Interval) | (Integer | Time | TimeWithZone | Interval, Date) => true,
            (Moment, Time | Interval) | (Time | Interval, Moment) => true,
            (Interval, Interval) => true,
            _ => numbers || either(Time, TimeWithZone) || either(Time, Interval) || either(TimeWithZone, Interval),
        },
        Act::Subtract => match (left, right) {
            (Untyped, _) => true,
            (other, Untyped) => {
                is_number(other) || matches!(other, Date | Time | TimeWithZone | Moment | Interval | Jsonb)
            }
            (Jsonb, other) => matches!(other, Integer | Text),
            (Date, Integer | Date | Time | Moment | Interval) => true,
            (Moment, Date | Time | Moment | Interval) => true,
            (Time | TimeWithZone | Interval, Time | Interval) => true,
            _ => numbers,
        },
        Act::Multiply => match (left, right) {
            (Untyped, other) | (other, Untyped) => is_number(other) || is_while(other) || other == Untyped,
            _ => numbers || is_number(left) && is_while(right) || is_while(left) && is_number(right),
        },
        Act::Divide => match (left, right) {
            (Untyped, other) | (other, Untyped) => is_number(other) || is_while(other) || other == Untyped,
            _ => numbers || is_while(left) && is_number(right),
        },
        Act::Join => {
            let joins = |class: Class| matches!(class, Text | Untyped);
            joins(left) || joins(right) || left == right && matches!(left, Jsonb | Bytes)
        }
        Act::Match => {
            let is_text = |class: Class| matches!(class, Text | Untyped);
            let is_bytes = |class: Class| matches!(class, Bytes | Untyped);
            is_text(left) && is_text(right) || is_bytes(left) && is_bytes(right)
        }
        Act::Reach => matches!(left, Json | Jsonb | Untyped),
    }
}

impl Replay {
    /// Whether the operators and casts are surely PostgreSQL's own.
    pub(super) fn knows_operators(&self) -> bool {
        let is_quiet = |name: &Name| WITHOUT_OPERATORS.binary_search(&name.key()).is_ok();
        self.dialect() == Dialect::Postgres
            && !self.casts
            && self.schema.unknown.is_empty()
            && self.schema.extensions.keys().all(is_quiet)
    }

    /// Judges the operators and conditions of a statement.
    pub(super) fn judge_operands(&self, names: &Names, seen: &[Vec<Seen<'_>>], step: &mut Step<'_>) {
        let query = names.operations.iter().map(|operation| operation.right);
        let query = query.chain(names.assigned.iter().map(|assigned| assigned.value));
        if let Some((part, columns)) = query.into_iter().find_map(|operand| match operand {
            Operand::Query(part, columns) => Some((part, columns)),
            _ => None,
        }) {
            let message = format!("one value is asked for, and the query selects {}", many(columns, "column"));
            let _ = step.fault(FaultKind::OperandsDiffer, message, part).help("select one of them");
            return;
        }
        if !self.knows_operators() {
            return;
        }
        let (source, dialect) = (step.source(), self.dialect());
        let typed = |reference: &Reference| column_of(reference, names, seen, source, dialect);
        for operation in &names.operations {
            let part = operation.left.part().zip(operation.right.part()).map(|(left, right)| (left.0, right.1));
            if let Some(wrong) = self.wrong_operation(operation, source, &typed) {
                let part = wrong.part.or(part);
                let _ = step.fault(FaultKind::OperandsDiffer, wrong.message, part).help(wrong.help);
                return;
            }
        }
        for operand in &names.conditions {
            if let Some(wrong) = self.wrong_condition(*operand, source, &typed) {
                let _ = step.fault(FaultKind::OperandsDiffer, wrong.message, operand.part()).help(wrong.help);
                return;
            }
        }
    }

    /// Judges the operators of an expression that belongs to a table, which is kept as this text, and whether it can be true. Says whether
    /// something was wrong.
    pub(super) fn judge_kept(
        &self,
        table: &Table,
        names: &Names,
        (text, part): (&str, Option<Part>),
        stands: Stands<'_>,
        step: &mut Step<'_>,
    ) -> bool {
        if !self.knows_operators() {
            return false;
        }
        let typed = |reference: &Reference| table.column(&name_at(text, reference.part, Dialect::Postgres));
        let wrong = names.operations.iter().find_map(|operation| {
            let operands = [operation.left, operation.right];
            Some((self.wrong_operation(operation, text, &typed)?, operands.into_iter().find_map(named)))
        });
        let whole = matches!(stands, Stands::AsCondition).then_some(names.whole);
        let conditions = names.conditions.iter().copied().chain(whole);
        let mut wrong_ones = conditions.filter_map(|it| Some((self.wrong_condition(it, text, &typed)?, named(it))));
        let becomes = || self.wrong_value(table, names.whole, text, stands);
        let Some((wrong, reference)) = wrong.or_else(|| wrong_ones.next()).or_else(becomes) else { return false };
        let name = reference.map(|reference| name_at(text, reference.part, Dialect::Postgres));
        let part = name.and_then(|name| step.word(part, name.as_str())).or(part);
        let _ = step.fault(FaultKind::OperandsDiffer, wrong.message, part).help(wrong.help);
        true
    }

    /// Why a column, of which another is made, surely doesn't become that.
    fn wrong_value(
        &self,
        table: &Table,
        whole: Operand,
        text: &str,
        stands: Stands<'_>,
    ) -> Option<(Wrong, Option<Reference>)> {
        let goal = match stands {
            Stands::For(column) => table.column(column)?.data_type.as_ref()?,
            Stands::Becoming(data_type) => data_type,
            Stands::AsCondition | Stands::Alone => return None,
        };
        let reference = named(whole)?;
        let from = table.column(&name_at(text, reference.part, Dialect::Postgres))?;
        let source = from.data_type.as_ref().filter(|source| !self.becomes(source, goal))?;
        let message = format!("column `{}` is `{source}`, and doesn't become `{goal}` by itself", from.name);
        Some((
            Wrong { message, help: format!("say how: `({}::{})`", from.name, cast(goal)), part: None },
            Some(reference),
        ))
    }

    /// Why two operands surely don't go together.
    fn wrong_operation<'t>(
        &self,
        operation: &Operation,
        text: &str,
        typed: &impl Fn(&Reference) -> Option<&'t Column>,
    ) -> Option<Wrong> {
        let (left, right) = (self.side(operation.left, text, typed)?, self.side(operation.right, text, typed)?);
        let sign = text.get(operation.sign.0..operation.sign.1)?;
        let act = Act::of(sign)?;
        // What two constants come to, nobody has to be told.
        let column = left.column.or(right.column)?;
        if !has_operator(act, left.class, right.class) {
            let name = column.name.as_str();
            let data_type = column.data_type.as_ref()?;
            let number = [operation.left, operation.right].into_iter().find_map(|operand| match operand {
                Operand::Constant((from, to)) => text.get(from..to).filter(|text| !text.starts_with('\'')),
                _ => None,
            });
            let help = match (data_type.name.as_str(), act) {
                ("boolean", Act::Compare) => {
                    format!("write `{name}`, `NOT {name}`, or compare it with `true` or `false`")
                }
                ("json", Act::Compare) => {
                    format!("compare a text, as in `{name}::text = …`; or make the column `jsonb`")
                }
                (_, Act::Reach) => {
                    format!("say that it is JSON, as in `{name}::jsonb {sign} …`; or make the column `jsonb`")
                }
                (_, Act::Compare | Act::Match) if number.is_some() && class_of(data_type) == Some(Text) => {
                    format!(
                        "write the text, `'{}'`, or what is to be a number, `{name}::numeric`",
                        number.unwrap_or_default()
                    )
                }
                (_, Act::Match) => format!("match a text, as in `{name}::text {sign} …`"),
                (_, Act::Add) if [left.class, right.class].contains(&Text) => "texts are joined by `||`".to_owned(),
                _ => "say on one side what it is to be, as in `a::text`, or compare with another column".to_owned(),
            };
            let message = format!("there is no operator `{sign}` between {} and {}", left.shown, right.shown);
            return Some(Wrong { message, help, part: None });
        }
        // A string is of the other side's type, where that is one that is surely meant.
        let constant = match (operation.left, operation.right) {
            (_, Operand::Constant(part)) if right.class == Untyped => Some(part),
            (Operand::Constant(part), _) if left.class == Untyped => Some(part),
            _ => None,
        };
        let is_read = match act {
            Act::Compare => true,
            Act::Add | Act::Subtract | Act::Multiply | Act::Divide => {
                matches!(left.class, Integer | Bigint | Number) || matches!(right.class, Integer | Bigint | Number)
            }
            Act::Join | Act::Match | Act::Reach => false,
        };
        let (part, data_type) = constant.filter(|_| is_read).zip(column.data_type.as_ref())?;
        // Times a number is a while, perhaps.
        if act == Act::Multiply {
            return None;
        }
        let shown = text.get(part.0..part.1)?;
        postgres(shown, data_type).or_else(|| self.misfit_of_enumeration(shown, data_type))?;
        let message = format!("`{}` is no `{data_type}`, as column `{}` is", shortened(shown), column.name);
        Some(Wrong { message, help: "give a value of the column's type".to_owned(), part: Some(part) })
    }

    /// Why something is surely neither true nor false.
    fn wrong_condition<'t>(
        &self,
        operand: Operand,
        text: &str,
        typed: &impl Fn(&Reference) -> Option<&'t Column>,
    ) -> Option<Wrong> {
        let side = self.side(operand, text, typed)?;
        let (message, help) = match (side.class, side.column, operand) {
            (Boolean, ..) => return None,
            (Untyped, _, Operand::Constant(part)) => {
                let shown = text.get(part.0..part.1)?;
                postgres(shown, &DataType::named("boolean"))?;
                (format!("`{}` is neither true nor false", shortened(shown)), "write a condition".to_owned())
            }
            (_, Some(column), _) => (
                format!("{} is no condition", side.shown),
                format!("compare it with something, as in `{0} IS NOT NULL` or `{0} <> …`", column.name),
            ),
            _ => (format!("{} is no condition", side.shown), "write `true` or `false`".to_owned()),
        };
        Some(Wrong { message, help, part: None })
    }

    /// What stands on one side of an operator, where that is told.
    fn side<'t>(
        &self,
        operand: Operand,
        text: &str,
        typed: &impl Fn(&Reference) -> Option<&'t Column>,
    ) -> Option<Side<'t>> {
        match operand {
            Operand::Column(reference) => {
                let column = typed(&reference)?;
                let data_type = column.data_type.as_ref()?;
                let class = match class_of(data_type) {
                    None if !data_type.array && self.values_of(data_type).is_some() => Enumeration,
                    class => class?,
                };
                let shown = format!("`{}`, which is `{data_type}`,", column.name);
                Some(Side { class, column: Some(column), shown })
            }
            Operand::Constant(part) => {
                let lower = text.get(part.0..part.1)?.to_ascii_lowercase();
                let (class, kind) = match Value::of(&lower) {
                    Value::Text(_) => (Untyped, "the text"),
                    Value::Number(number) if number.contains(['.', 'e']) => (Number, "the number"),
                    Value::Number(number) if number.parse::<i32>().is_ok() => (Integer, "the number"),
                    Value::Number(_) => (Bigint, "the number"),
                    Value::Boolean => (Boolean, "the boolean"),
                    Value::Now | Value::Today | Value::Other => return None,
                };
                Some(Side { class, column: None, shown: format!("{kind} `{}`", shortened(&lower)) })
            }
            Operand::Query(..) | Operand::Other => None,
        }
    }
}

/// What is wrong, and where, if that is less than the whole.
struct Wrong {
    message: String,
    help: String,
    part: Option<Part>,
}

struct Side<'t> {
    class: Class,
    column: Option<&'t Column>,
    shown: String,
}

/// The class of one of PostgreSQL's own types.
fn class_of(data_type: &DataType) -> Option<Class> {
    if data_type.array {
        return Some(Array);
    }
    if data_type.schema.is_some() {
        return None;
    }
    Some(match data_type.name.as_str() {
        "boolean" => Boolean,
        "smallint" | "integer" => Integer,
        "bigint" => Bigint,
        "numeric" | "real" | "double precision" => Number,
        "text" | "character varying" | "character" => Text,
        "bytea" => Bytes,
        "date" => Date,
        "time without time zone" => Time,
        "time with time zone" => TimeWithZone,
        "timestamp without time zone" | "timestamp with time zone" => Moment,
        "interval" => Interval,
        "uuid" => Uuid,
        "json" => Json,
        "jsonb" => Jsonb,
        _ => return None,
    })
}

/// How a type is written behind `::`.
pub(super) fn cast(data_type: &DataType) -> String {
    let short = DataType { arguments: Vec::new(), ..data_type.clone() };
    match data_type.name.as_str() {
        "character varying" | "character" => "text".to_owned(),
        "timestamp with time zone" => "timestamptz".to_owned(),
        "timestamp without time zone" => "timestamp".to_owned(),
        _ => short.to_string(),
    }
}

fn named(operand: Operand) -> Option<Reference> {
    match operand {
        Operand::Column(reference) => Some(reference),
        _ => None,
    }
}

/// The column that a name means, where all tables are known that it may be of.
pub(super) fn column_of<'s>(
    reference: &Reference,
    names: &Names,
    seen: &'s [Vec<Seen<'_>>],
    text: &str,
    dialect: Dialect,
) -> Option<&'s Column> {
    let name = name_at(text, reference.part, dialect);
    let qualifier = reference.qualifier.map(|part| name_at(text, part, dialect));
    let mut at = Some(reference.scope);
    while let Some(scope) = at {
        let (sources, scope) = (seen.get(scope)?, names.scopes.get(scope)?);
        if let Some(qualifier) = &qualifier {
            if let Some(source) = sources.iter().find(|source| source.called.as_ref() == Some(qualifier)) {
                return source.table.as_ref()?.1.column(&name);
            }
        } else {
            if scope.given.contains(&name) {
                return None;
            }
            let mut found: Option<&Column> = None;
            for source in sources {
                match (found, source.table.as_ref()?.1.column(&name)) {
                    (Some(one), Some(other)) if one.data_type != other.data_type => return None,
                    (None, other) => found = other,
                    _ => {}
                }
            }
            if found.is_some() {
                return found;
            }
        }
        at = scope.outer;
    }
    None
}
