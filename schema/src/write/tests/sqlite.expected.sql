CREATE TABLE herds (
    a int NOT NULL,
    b text NOT NULL,
    twice int GENERATED ALWAYS AS (a*2) VIRTUAL,
    PRIMARY KEY (a, b)
) STRICT, WITHOUT ROWID;
CREATE TABLE zebras (
    id integer NOT NULL PRIMARY KEY AUTOINCREMENT,
    "Odd ""name" text COLLATE nocase,
    email varchar(200),
    at timestamp DEFAULT CURRENT_TIMESTAMP,
    n int NOT NULL DEFAULT (1+2),
    herd,
    UNIQUE (email),
    FOREIGN KEY (herd) REFERENCES herds ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT many CHECK (n > 0 AND email <> '')
);
CREATE UNIQUE INDEX partial ON zebras (lower(email), n DESC) WHERE email IS NOT NULL;
CREATE VIEW Sums AS
SELECT email
FROM zebras
UNION SELECT b
FROM herds
ORDER BY 1;
CREATE TRIGGER touched AFTER UPDATE OF email ON zebras
WHEN new.id > 1 BEGIN UPDATE herds SET a = 1 WHERE b = 'x;y';
DELETE FROM herds;
END;
