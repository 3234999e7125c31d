-- States are free
--
-- revision: 8b61d0e5a2f7
-- down_revision: 3f2a9c1d7e40
-- created: 2026-03-09T14:02:11Z

-- @upgrade; rebuild
CREATE TABLE orders_new (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    number VARCHAR(20) NOT NULL,
    state TEXT NOT NULL DEFAULT 'open'
);
INSERT INTO orders_new (id, number, state) SELECT id, number, state FROM orders;
DROP TABLE orders;
ALTER TABLE orders_new RENAME TO orders;
CREATE UNIQUE INDEX ux_orders_number ON orders (number);

-- @downgrade; rebuild
-- The same in other words, with the columns in another order.
create table "orders_old" (
    "id" integer not null primary key autoincrement,
    "state" text default ('open') not null,
    "number" varchar(20) not null,
    constraint ck_orders_state check ( state in ('open','paid','sent') )
);
INSERT INTO orders_old (id, number, state) SELECT id, number, state FROM orders;
DROP TABLE orders;
ALTER TABLE orders_old RENAME TO orders;
CREATE UNIQUE INDEX IF NOT EXISTS ux_orders_number ON "orders" ("number");
