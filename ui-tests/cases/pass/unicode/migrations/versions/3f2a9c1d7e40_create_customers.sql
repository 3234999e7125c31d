-- Kunden anlegen – 顧客 🙂
--
-- revision: 3f2a9c1d7e40
-- down_revision: base
-- created: 2026-03-02T09:15:00Z

-- @upgrade postgres, sqlite
CREATE TABLE "Kunden_ä" (
    id INTEGER PRIMARY KEY,
    name VARCHAR(200) NOT NULL
);
INSERT INTO "Kunden_ä" (id, name) VALUES (1, 'Müller; �'), (2, '顧客 \0 x00 🙂');

-- @upgrade mysql
-- @allow RC322: 顧客 gibt es auf MySQL nicht 🙂

-- @downgrade postgres,sqlite

DROP TABLE "Kunden_ä";

-- @downgrade mysql
