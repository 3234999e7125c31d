-- +goose Up
CREATE TABLE customers (
    id INTEGER PRIMARY KEY,
    name VARCHAR(200) NOT NULL
);

-- +goose Down
DROP TABLE customers;
