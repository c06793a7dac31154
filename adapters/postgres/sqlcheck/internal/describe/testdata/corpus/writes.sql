-- INSERT RETURNING
-- id never, country null
-- args 9, NULL
INSERT INTO lib.author (id, name, country) VALUES ($1, 'x', $2) RETURNING id, country

-- INSERT RETURNING what was just given
-- country never, born null
-- given not null $1
-- args 'SE'
INSERT INTO lib.author (id, name, country) VALUES (9, 'x', $1) RETURNING country, born

-- INSERT of several rows
-- country null, name never
INSERT INTO lib.author (id, name, country) VALUES (8, 'x', 'SE'), (9, 'y', NULL) RETURNING country, name

-- INSERT of several rows without NULL
-- country never
INSERT INTO lib.author (id, name, country) VALUES (8, 'x', 'SE'), (9, 'y', 'DK') RETURNING country

-- INSERT from a query
-- country never, born null
INSERT INTO lib.author (id, name, country, born) SELECT id + 100, title, coalesce(code, ''), NULL FROM lib.book RETURNING country, born

-- INSERT of generated columns
-- id never, note null
INSERT INTO lib.review (book_id, reader, stars, note) VALUES (5, 'r', 1, NULL) RETURNING id, note

-- INSERT of stored generated columns
-- doubled never, halved cautious
INSERT INTO lib.book (id, title, pages, label, added) VALUES (9, 'x', 1, 'l', now()) RETURNING doubled, halved

-- INSERT with the default
-- born null, tags never
INSERT INTO lib.author (id, name, born) VALUES (9, 'x', DEFAULT) RETURNING born, '{}'::text[] AS tags

-- INSERT with a trigger that makes it NULL
-- id never, note null
INSERT INTO lib.audited VALUES (2, 'x') RETURNING id, note

-- ON CONFLICT DO UPDATE returns the row that was there
-- name never, country null, born null
-- args 1
INSERT INTO lib.author (id, name, country, born) VALUES ($1, 'x', 'SE', '2000-01-01')
ON CONFLICT (id) DO UPDATE SET name = EXCLUDED.name RETURNING name, country, born

-- ON CONFLICT DO UPDATE of the column itself
-- country never, born null
-- args 1
INSERT INTO lib.author (id, name, country, born) VALUES ($1, 'x', 'SE', '2000-01-01')
ON CONFLICT (id) DO UPDATE SET country = EXCLUDED.country, born = author.born RETURNING country, born

-- ON CONFLICT DO NOTHING
-- country never
INSERT INTO lib.author (id, name, country) VALUES (9, 'x', 'SE') ON CONFLICT DO NOTHING RETURNING country

-- UPDATE RETURNING
-- title never, code null
UPDATE lib.book SET pages = 1 RETURNING title, code

-- UPDATE RETURNING what was just given
-- code never, price null
-- given not null $1
-- args 'c', NULL
UPDATE lib.book SET code = $1, price = $2 RETURNING code, price

-- UPDATE makes NULL what WHERE needs
-- price null
UPDATE lib.book SET price = NULL WHERE price IS NOT NULL RETURNING price

-- UPDATE from the row before
-- price null
UPDATE lib.book SET price = price + 1 RETURNING price

-- UPDATE FROM
-- title never, name never, country null
UPDATE lib.book b SET pages = 1 FROM lib.author a WHERE a.id = b.author_id RETURNING b.title, a.name, a.country

-- UPDATE FROM a left join
-- title never, stars null
UPDATE lib.book b SET pages = 1 FROM lib.author a LEFT JOIN lib.review r ON r.id = a.id + 3 WHERE a.id = b.author_id
RETURNING b.title, r.stars

-- UPDATE with a trigger that makes it NULL
-- note null
UPDATE lib.audited SET note = 'x' RETURNING note

-- UPDATE of several columns from a subquery
-- title never, code null
UPDATE lib.book SET (price, code) = (SELECT 1, 'x' WHERE false) RETURNING title, code

-- DELETE RETURNING
-- id never, note null
DELETE FROM lib.review RETURNING id, note

-- DELETE RETURNING what WHERE needs
-- note never
DELETE FROM lib.review WHERE note > '' RETURNING note

-- DELETE USING
-- stars never, title never, price null
DELETE FROM lib.review r USING lib.book b WHERE b.id = r.book_id RETURNING r.stars, b.title, b.price

-- WITH that inserts
-- id never, country null
WITH i AS (INSERT INTO lib.author (id, name) VALUES (9, 'x') RETURNING id, country) SELECT id, country FROM i

-- WITH that updates, left joined
-- title never, pages null
WITH u AS (UPDATE lib.book SET pages = 1 WHERE id = 1 RETURNING id, pages)
SELECT b.title, u.pages FROM lib.book b LEFT JOIN u ON u.id = b.id

-- WITH that deletes, counted
-- n never
WITH d AS (DELETE FROM lib.review RETURNING id) SELECT count(*) AS n FROM d

-- WITH ahead of an INSERT
-- name never, country null
WITH s AS (SELECT code FROM lib.book) INSERT INTO lib.author (id, name, country)
SELECT 100 + row_number() OVER (), 'x', code FROM s RETURNING name, country

-- INSERT into a view returns what the view need not show
-- code cautious, parent null
INSERT INTO lib.rooted VALUES ('x', 'y', NULL) RETURNING code, parent

-- upsert that either inserts or finds
-- id never
-- args 'r1'
WITH i AS (INSERT INTO lib.review (book_id, reader, stars) VALUES (1, $1, 1) ON CONFLICT (book_id, reader) DO NOTHING RETURNING id)
SELECT id FROM i UNION ALL SELECT id FROM lib.review WHERE reader = $1 AND book_id = 1

-- RETURNING an expression
-- a never, b null, c never
UPDATE lib.book SET pages = 1 RETURNING pages + 1 AS a, price * 2 AS b, coalesce(price, 0) AS c

-- RETURNING a subquery
-- n never, a null
UPDATE lib.book b SET pages = 1 RETURNING (SELECT count(*) FROM lib.review r WHERE r.book_id = b.id) AS n,
(SELECT name FROM lib.author a WHERE a.id = b.author_id) AS a
