-- A library, made to have NULLs wherever the schema admits them.
CREATE SCHEMA lib;
CREATE TYPE lib.mood AS ENUM ('calm', 'tense');
CREATE DOMAIN lib.label AS text NOT NULL;
CREATE DOMAIN lib.code AS text CHECK (VALUE <> '');
CREATE TABLE lib.author (
    id      int PRIMARY KEY,
    name    text NOT NULL,
    country text,
    born    date
);
CREATE TABLE lib.book (
    id        int PRIMARY KEY,
    title     text NOT NULL,
    author_id int REFERENCES lib.author,
    price     numeric,
    pages     int NOT NULL,
    doubled   int NOT NULL GENERATED ALWAYS AS (pages * 2) STORED,
    halved    int GENERATED ALWAYS AS (pages / 2) STORED,
    tags      text[] NOT NULL DEFAULT '{}',
    meta      jsonb NOT NULL DEFAULT '{}',
    extra     jsonb,
    mood      lib.mood,
    code      lib.code,
    label     lib.label,
    added     timestamptz NOT NULL
);
CREATE TABLE lib.review (
    id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    book_id int NOT NULL REFERENCES lib.book,
    reader  text NOT NULL,
    stars   int NOT NULL,
    note    text,
    UNIQUE (book_id, reader)
);
CREATE TABLE lib.loan (
    id       int NOT NULL,
    taken    timestamptz NOT NULL,
    returned timestamptz,
    PRIMARY KEY (id, taken)
) PARTITION BY RANGE (taken);
CREATE TABLE lib.loan_early PARTITION OF lib.loan FOR VALUES FROM (MINVALUE) TO ('2026-01-01');
CREATE TABLE lib.loan_late PARTITION OF lib.loan FOR VALUES FROM ('2026-01-01') TO (MAXVALUE);
CREATE TABLE lib.shelf (code text NOT NULL, place text NOT NULL, parent text);
CREATE TABLE lib.audited (id int NOT NULL, note text);
CREATE FUNCTION lib.forget() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.note := NULL; RETURN NEW; END $$;
CREATE TRIGGER forget BEFORE INSERT OR UPDATE ON lib.audited FOR EACH ROW EXECUTE FUNCTION lib.forget();
CREATE VIEW lib.book_author AS
    SELECT b.id, b.title, a.name AS author, a.id AS author_id FROM lib.book b LEFT JOIN lib.author a ON a.id = b.author_id;
CREATE VIEW lib.book_known AS SELECT id, title, author FROM lib.book_author WHERE author IS NOT NULL;
CREATE VIEW lib.rooted AS SELECT code, place, parent FROM lib.shelf WHERE parent IS NOT NULL;
CREATE MATERIALIZED VIEW lib.snapshot AS SELECT id, country FROM lib.author;
CREATE FUNCTION lib.maybe(n int) RETURNS text LANGUAGE sql AS $$ SELECT CASE WHEN n > 1 THEN 'x' END $$;
CREATE FUNCTION lib.pairs() RETURNS TABLE (k int, v text) LANGUAGE sql AS $$ VALUES (1, 'a'), (NULL, NULL) $$;

INSERT INTO lib.author VALUES (1, 'Ada', NULL, NULL), (2, 'Bo', 'SE', '1970-01-01'), (3, 'Cy', NULL, '1980-02-02'), (4, 'Di', 'DK', 'infinity'), (20, 'Em', NULL, NULL);
INSERT INTO lib.book (id, title, author_id, price, pages, tags, meta, extra, mood, code, label, added) VALUES
    (1, 'One', 1, 10, 100, '{a,b}', '{"k": "v"}', NULL, NULL, NULL, 'x', '2026-01-01'),
    (2, 'Two', 1, NULL, 200, '{}', '{}', '{"k": null}', 'calm', 'c', 'y', '2026-02-01'),
    (3, 'Three', 2, 30, 300, '{NULL}', '{"k": null, "l": [1]}', '{"k": "w"}', 'tense', NULL, 'z', 'infinity'),
    (4, 'Four', NULL, NULL, 50, '{c}', '{"k": {"m": 1}}', NULL, NULL, 'd', 'w', '2026-03-01');
INSERT INTO lib.book (id, title, author_id, pages, label, added)
    VALUES (5, 'Five', 3, 70, (SELECT label FROM lib.book WHERE false), '2026-04-01');
INSERT INTO lib.review (book_id, reader, stars, note) VALUES (1, 'r1', 5, 'good'), (1, 'r2', 3, NULL), (2, 'r1', 1, NULL), (4, 'r3', 4, 'ok');
INSERT INTO lib.loan VALUES (1, '2025-06-01', NULL), (2, '2026-06-01', '2026-07-01');
INSERT INTO lib.shelf VALUES ('a', 'north', NULL), ('b', 'south', 'a'), ('c', 'west', 'b'), ('d', 'east', 'nowhere');
INSERT INTO lib.audited VALUES (1, 'x');
REFRESH MATERIALIZED VIEW lib.snapshot;
