-- Every object that has a text of its own. SQLite keeps the words that made it, so they are the schema.
SELECT sql AS line
FROM sqlite_master
WHERE sql IS NOT NULL AND tbl_name <> 'revchain_journal' AND name NOT LIKE 'sqlite_%'
