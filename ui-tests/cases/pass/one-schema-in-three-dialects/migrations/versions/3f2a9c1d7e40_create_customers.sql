-- Create the customers table
--
-- revision: 3f2a9c1d7e40
-- down_revision: base
-- created: 2026-03-02T09:15:00Z

-- @upgrade postgres
CREATE TABLE customers (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    name VARCHAR(200) NOT NULL,
    settings JSONB NOT NULL DEFAULT '{}',
    is_active BOOLEAN NOT NULL DEFAULT TRUE,
    photo BYTEA,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now()
);

-- @upgrade mysql
CREATE TABLE customers (
    id CHAR(36) NOT NULL,
    name VARCHAR(200) NOT NULL,
    settings JSON NOT NULL,
    is_active TINYINT(1) NOT NULL DEFAULT 1,
    photo LONGBLOB,
    created_at DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
    PRIMARY KEY (id)
) ENGINE = InnoDB;

-- @upgrade sqlite
CREATE TABLE customers (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    settings TEXT NOT NULL DEFAULT '{}',
    is_active INTEGER NOT NULL DEFAULT 1,
    photo BLOB,
    created_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
) STRICT;

-- @downgrade
DROP TABLE customers;
