-- Quotes; and more quotes
--
-- revision: 3f2a9c1d7e40
-- down_revision: base
-- created: 2026-03-02T09:15:00Z

-- @upgrade
/* a comment; /* and one inside; */ COMMIT; */
CREATE TABLE "odd;name" (id bigint PRIMARY KEY, "it's" text DEFAULT 'it''s; fine', path text DEFAULT 'C:\');
INSERT INTO "odd;name" (id, "it's") VALUES (1, E'it\'s; fine'), (2, $$it's; "fine$$), (3, $q$; $$ ; $q$);
CREATE FUNCTION one() RETURNS int LANGUAGE plpgsql AS $body$
BEGIN
    -- a comment; with an apostrophe: it's
    RETURN 1;
END;
$body$;

-- @downgrade
DROP FUNCTION one();
DROP TABLE "odd;name";
