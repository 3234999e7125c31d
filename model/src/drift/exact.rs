//! Types that somebody wrote: whether two are surely not one. A word that isn't known here is nothing that could be judged.

use super::names::same_bytes;

/// A type's text, in lower case, one blank between words.
struct Spelling {
    /// All but what is in parentheses.
    words: [u8; SIZE],
    length: usize,
    /// What is in parentheses, without blanks.
    arguments: [u8; ARGUMENTS],
    arguments_length: usize,
    has_arguments: bool,
    /// Whether something stands behind the parentheses.
    has_more: bool,
    /// Whether it could be read.
    is_plain: bool,
}

const SIZE: usize = 48;
const ARGUMENTS: usize = 256;

/// What a type is, as far as it is known.
#[derive(Clone, Copy)]
struct Known {
    /// 0 is none that is known.
    number: u32,
    is_array: bool,
    is_unsigned: bool,
}

const fn read(text: &str) -> Spelling {
    let mut read = Spelling {
        words: [0; SIZE],
        length: 0,
        arguments: [0; ARGUMENTS],
        arguments_length: 0,
        has_arguments: false,
        has_more: false,
        is_plain: true,
    };
    let bytes = text.as_bytes();
    let (mut is_inside, mut is_quoted, mut after_blank, mut at) = (false, false, false, 0);
    while at < bytes.len() {
        let byte = bytes[at];
        at += 1;
        if is_inside {
            if byte == b'\'' {
                is_quoted = !is_quoted;
            }
            if !is_quoted && byte == b')' {
                is_inside = false;
                after_blank = true;
                continue;
            }
            if !is_quoted && byte.is_ascii_whitespace() {
                continue;
            }
            if byte == b'(' && !is_quoted || byte == b'\\' || byte == b'"' || read.arguments_length == ARGUMENTS {
                read.is_plain = false;
                return read;
            }
            let lower = if is_quoted { byte } else { byte.to_ascii_lowercase() };
            read.arguments[read.arguments_length] = lower;
            read.arguments_length += 1;
            continue;
        }
        if byte.is_ascii_whitespace() {
            after_blank = true;
            continue;
        }
        if byte == b'(' && !read.has_arguments {
            (is_inside, read.has_arguments) = (true, true);
            continue;
        }
        let is_word = byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'[' || byte == b']';
        if !is_word || read.length + 2 > SIZE {
            read.is_plain = false;
            return read;
        }
        read.has_more = read.has_more || read.has_arguments;
        if after_blank && read.length > 0 && byte != b'[' {
            read.words[read.length] = b' ';
            read.length += 1;
        }
        after_blank = false;
        read.words[read.length] = byte.to_ascii_lowercase();
        read.length += 1;
    }
    read.is_plain = read.is_plain && !is_inside && read.length > 0;
    read
}

/// A type's text as a number, whatever its case and blanks: two that are the same text are one type.
pub const fn spelling(text: &str) -> u64 {
    let (bytes, mut hash, mut at) = (text.as_bytes(), 0xcbf2_9ce4_8422_2325_u128, 0);
    while at < bytes.len() {
        let byte = bytes[at];
        if byte != b' ' {
            let lower = if byte >= b'A' && byte <= b'Z' { byte | 0x20 } else { byte };
            hash = ((hash ^ lower as u128) * 0x0100_0000_01b3) & 0xffff_ffff_ffff_ffff;
        }
        at += 1;
    }
    hash as u64
}

/// Whether a type of the chain is surely another than the one that somebody wrote. An enum is one that is made with its struct:
/// it is no type of the database's own.
pub(super) const fn differ(dialect: usize, written: &str, chain: &str, is_enum: bool) -> bool {
    let (one, other) = (read(written), read(chain));
    if !one.is_plain || !other.is_plain {
        return false;
    }
    if dialect == 2 {
        // SQLite takes any word, and each is another.
        let is_one = same_bytes(words(&one), words(&other)) && have_same(&one, &other);
        return !(is_one || one.has_more || other.has_more);
    }
    let (first, second) = (known(dialect, words(&one)), known(dialect, without_character_set(words(&other))));
    if first.number == 0 || second.number == 0 {
        return is_enum && second.number != 0 && first.number == 0;
    }
    if first.number != second.number || first.is_array != second.is_array || first.is_unsigned != second.is_unsigned {
        return true;
    }
    match if dialect == 0 { of_postgres(first.number) } else { of_mysql(first.number) } {
        Arguments::Nothing => false,
        Arguments::Said => !have_same(&one, &other),
        Arguments::IfBoth => {
            one.has_arguments && other.has_arguments && parts(&one) == parts(&other) && !have_same(&one, &other)
        }
        Arguments::One => is_boolean(&one) != is_boolean(&other),
        Arguments::Digits => digits(&one) != digits(&other),
    }
}

/// What a type's arguments say of it.
enum Arguments {
    /// Nothing that would be known here.
    Nothing,
    /// Without any it is another type.
    Said,
    /// Without any it has some that are known to the database.
    IfBoth,
    /// MySQL's `tinyint(1)`.
    One,
    /// How many digits of a second; none are 0.
    Digits,
}

const fn of_postgres(number: u32) -> Arguments {
    match number {
        9 => Arguments::Said,
        7 | 10 => Arguments::IfBoth,
        _ => Arguments::Nothing,
    }
}

const fn of_mysql(number: u32) -> Arguments {
    match number {
        1 => Arguments::One,
        10 | 20 => Arguments::Said,
        6 | 9 | 19 | 26 | 27 => Arguments::IfBoth,
        22..=24 => Arguments::Digits,
        _ => Arguments::Nothing,
    }
}

const fn words(spelling: &Spelling) -> &[u8] {
    let (words, _) = spelling.words.split_at(spelling.length);
    words
}

const fn arguments(spelling: &Spelling) -> &[u8] {
    let (arguments, _) = spelling.arguments.split_at(spelling.arguments_length);
    arguments
}

const fn have_same(one: &Spelling, other: &Spelling) -> bool {
    one.has_arguments == other.has_arguments && same_bytes(arguments(one), arguments(other))
}

/// How many arguments; more in an enum's values, where nobody minds.
const fn parts(spelling: &Spelling) -> usize {
    let arguments = arguments(spelling);
    let (mut count, mut at) = (1, 0);
    while at < arguments.len() {
        if arguments[at] == b'\'' {
            return 0;
        }
        if arguments[at] == b',' {
            count += 1;
        }
        at += 1;
    }
    count
}

const fn is_boolean(spelling: &Spelling) -> bool {
    same_bytes(words(spelling), b"bool")
        || same_bytes(words(spelling), b"boolean")
        || same_bytes(arguments(spelling), b"1")
}

const fn digits(spelling: &Spelling) -> u8 {
    match arguments(spelling) {
        [] => b'0',
        [digit] => *digit,
        _ => 0,
    }
}

/// Nobody has to say it.
const fn without_character_set(words: &[u8]) -> &[u8] {
    let mark = b" character set ";
    let mut at = 0;
    while at + mark.len() < words.len() {
        let (before, rest) = words.split_at(at);
        let (begins, _) = rest.split_at(mark.len());
        if same_bytes(begins, mark) {
            return before;
        }
        at += 1;
    }
    words
}

/// Which type that is.
const fn known(dialect: usize, words: &[u8]) -> Known {
    let (mut words, mut is_array, mut is_unsigned) = (words, false, false);
    while let [rest @ .., b'[', b']'] = words {
        (words, is_array) = (rest, true);
    }
    if let [rest @ .., b' ', b'u', b'n', b's', b'i', b'g', b'n', b'e', b'd'] = words {
        (words, is_unsigned) = (rest, true);
    }
    let table: &[(u32, &[u8])] = if dialect == 0 { POSTGRES } else { MYSQL };
    let mut at = 0;
    while at < table.len() {
        let (number, name) = table[at];
        if same_bytes(words, name) {
            return Known { number, is_array, is_unsigned };
        }
        at += 1;
    }
    Known { number: 0, is_array, is_unsigned }
}

#[rustfmt::skip]
const POSTGRES: &[(u32, &[u8])] = &[
    (1, b"smallint"), (1, b"int2"), (2, b"integer"), (2, b"int"), (2, b"int4"), (3, b"bigint"), (3, b"int8"),
    (4, b"boolean"), (4, b"bool"), (5, b"real"), (5, b"float4"), (6, b"double precision"), (6, b"float8"),
    (7, b"numeric"), (7, b"decimal"), (7, b"dec"), (8, b"text"), (9, b"character varying"), (9, b"varchar"),
    (10, b"character"), (10, b"char"), (11, b"bytea"), (12, b"date"), (13, b"time"), (13, b"time without time zone"),
    (14, b"timetz"), (14, b"time with time zone"), (15, b"timestamp"), (15, b"timestamp without time zone"),
    (16, b"timestamptz"), (16, b"timestamp with time zone"), (17, b"interval"), (18, b"uuid"), (19, b"json"),
    (20, b"jsonb"), (21, b"inet"), (22, b"cidr"), (23, b"macaddr"), (24, b"money"), (25, b"xml"),
];

// `float` and the texts with a size are other types by what is in their parentheses: these are never compared.
#[rustfmt::skip]
const MYSQL: &[(u32, &[u8])] = &[
    (1, b"tinyint"), (1, b"bool"), (1, b"boolean"), (2, b"smallint"), (2, b"int2"), (3, b"mediumint"), (4, b"int"),
    (4, b"integer"), (4, b"int4"), (5, b"bigint"), (5, b"int8"), (6, b"decimal"), (6, b"dec"), (6, b"numeric"),
    (8, b"double"), (8, b"double precision"), (8, b"real"), (9, b"char"), (9, b"character"), (10, b"varchar"),
    (11, b"tinytext"), (13, b"mediumtext"), (14, b"longtext"), (15, b"tinyblob"), (17, b"mediumblob"),
    (18, b"longblob"), (19, b"binary"), (20, b"varbinary"), (21, b"date"), (22, b"time"), (23, b"datetime"),
    (24, b"timestamp"), (25, b"json"), (26, b"enum"), (27, b"set"), (28, b"year"), (29, b"uuid"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_sure_differs() {
        let (postgres, mysql, sqlite) = (0, 1, 2);
        for (dialect, written, chain, expected) in [
            (postgres, "VARCHAR(64)", "character varying(64)", false),
            (postgres, "varchar( 64 )", "character varying(64)", false),
            (postgres, "VARCHAR(64)", "character varying(65)", true),
            (postgres, "VARCHAR(64)", "character varying", true),
            (postgres, "VARCHAR(64)", "text", true),
            (postgres, "NUMERIC(10)", "numeric(10,0)", false),
            (postgres, "DECIMAL(10, 2)", "numeric(10,2)", false),
            (postgres, "NUMERIC(10,2)", "numeric(12,2)", true),
            (postgres, "TIMESTAMP (3)", "timestamp(3) without time zone", false),
            (postgres, "timestamptz", "timestamp with time zone", false),
            (postgres, "timestamptz", "timestamp without time zone", true),
            (postgres, "INTEGER[]", "integer[]", false),
            (postgres, "int4 []", "integer[]", false),
            (postgres, "INTEGER[]", "integer", true),
            (postgres, "CITEXT", "citext", false),
            (postgres, "CITEXT", "text", false),
            (postgres, "float", "double precision", false),
            (postgres, "public.mood", "mood", false),
            (postgres, "\"char\"", "\"char\"", false),
            (postgres, "char", "character(1)", false),
            (mysql, "BOOLEAN", "tinyint(1)", false),
            (mysql, "TINYINT", "tinyint(1)", true),
            (mysql, "INT(11)", "int", false),
            (mysql, "INT UNSIGNED", "int", true),
            (mysql, "INTEGER UNSIGNED", "int unsigned", false),
            (mysql, "VARCHAR(20)", "varchar(20) character set latin1", false),
            (mysql, "DATETIME", "datetime(6)", true),
            (mysql, "DATETIME(6)", "datetime(6)", false),
            (mysql, "ENUM('a', 'b')", "enum('a','b')", false),
            (mysql, "TEXT(70000)", "mediumtext", false),
            (mysql, "TEXT", "varchar(20)", false),
            (mysql, "DECIMAL", "decimal(10,0)", false),
            (sqlite, "VARCHAR(20)", "varchar(20)", false),
            (sqlite, "Varchar (20)", "varchar(20)", false),
            (sqlite, "VARCHAR(20)", "varchar(21)", true),
            (sqlite, "INT", "integer", true),
            (sqlite, "\"my type\"", "my type", false),
        ] {
            assert_eq!(differ(dialect, written, chain, false), expected, "{dialect} {written} {chain}");
        }
        assert!(differ(postgres, "mood", "text", true));
        assert!(!differ(postgres, "mood", "mood", true));
    }
}
