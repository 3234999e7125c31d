-- Create the adjustment lines table
--
-- revision: 8b61d0e5a2f7
-- down_revision: 3f2a9c1d7e40
-- created: 2026-03-09T14:02:11Z

-- @upgrade
-- The names of the unique constraint and of the check would be longer: PostgreSQL shortens what it makes up.
CREATE TABLE accounting_period_closing_balance_adjustment_lines (
    id INTEGER PRIMARY KEY,
    number_within_the_accounting_period INTEGER NOT NULL UNIQUE,
    amount_in_the_currency_of_the_invoice DECIMAL(12, 2) NOT NULL CHECK (amount_in_the_currency_of_the_invoice <> 0)
);

-- @downgrade
DROP TABLE accounting_period_closing_balance_adjustment_lines;
