use revchain::{SqlType, Table};

#[derive(Table)]
#[table(name = "pairs")]
struct Pair(i64, i64);

#[derive(Table)]
#[table(name = "states")]
enum State {
    Open,
}

#[derive(Table)]
#[table(name = "boxes")]
struct Generic<T> {
    value: T,
}

#[derive(SqlType)]
struct Point {
    x: f64,
    y: f64,
}

#[derive(SqlType)]
struct Unit;

#[derive(SqlType)]
enum Shape {
    Dot,
    Circle(f64),
}

#[derive(SqlType)]
#[sqlx(rename_all = "snakecase")]
#[column(typ = "TEXT")]
enum Colour {
    Red,
}

fn main() {}
