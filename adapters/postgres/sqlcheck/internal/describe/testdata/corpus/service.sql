-- a page of a list
-- id never, title never, price null, added never
-- given not null $1, not null $2, not null $3
-- args '2027-01-01', 9, 2
SELECT id, title, price, added FROM lib.book WHERE (added, id) < ($1, $2) ORDER BY added DESC, id DESC LIMIT $3

-- a page whose key is nullable
-- price never, id never
-- args 99, 9
SELECT price, id FROM lib.book WHERE price < $1 OR (price = $1 AND id < $2) ORDER BY price DESC, id DESC

-- a page with its count
-- id never, total never
SELECT id, count(*) OVER () AS total FROM lib.book ORDER BY id LIMIT 2

-- a page and a count in one row
-- items never, total never
SELECT coalesce(json_agg(b), '[]') AS items, count(*) AS total FROM (SELECT id, title FROM lib.book WHERE false) b

-- a search by rank
-- id never, rank never, head never
-- given not null $1
-- args 'one'
SELECT b.id, ts_rank(to_tsvector('simple', b.title), q) AS rank, ts_headline('simple', b.title, q) AS head
FROM lib.book b, websearch_to_tsquery('simple', $1) q WHERE to_tsvector('simple', b.title) @@ q ORDER BY rank DESC

-- a report by day
-- day never, taken never, last null
SELECT d.day, count(l.id) AS taken, max(l.returned) AS last
FROM generate_series('2026-06-01'::timestamptz, '2026-06-02', '1 day') d (day)
LEFT JOIN lib.loan l ON l.taken >= d.day AND l.taken < d.day + interval '1 day' GROUP BY d.day

-- a report of five tables
-- name never, books never, reviews never, stars null, best null, latest never
SELECT a.name, count(DISTINCT b.id) AS books, count(r.id) AS reviews, sum(r.stars) AS stars, max(r.note) AS best, max(b.added) AS latest
FROM lib.author a JOIN lib.book b ON b.author_id = a.id LEFT JOIN lib.review r ON r.book_id = b.id GROUP BY a.id

-- a report whose missing totals are zero
-- name never, stars never, share never
SELECT a.name, coalesce(sum(r.stars), 0) AS stars, coalesce(round(avg(r.stars), 2), 0) AS share
FROM lib.author a LEFT JOIN lib.book b ON b.author_id = a.id LEFT JOIN lib.review r ON r.book_id = b.id GROUP BY a.id

-- the latest of each
-- id never, note null, stars null
SELECT b.id, r.note, r.stars FROM lib.book b LEFT JOIN (
    SELECT DISTINCT ON (book_id) book_id, note, stars FROM lib.review ORDER BY book_id, id DESC
) r ON r.book_id = b.id

-- the first of each, by number
-- book_id never, reader never, note null
SELECT book_id, reader, note FROM (
    SELECT book_id, reader, note, row_number() OVER (PARTITION BY book_id ORDER BY id DESC) AS n FROM lib.review
) r WHERE n = 1

-- get or fail to find
-- found never, name null
-- args 99
SELECT EXISTS (SELECT FROM lib.author WHERE id = $1) AS found, (SELECT name FROM lib.author WHERE id = $1) AS name

-- read, check and write in one statement
-- state never, name null
-- given not null $1, not null $2
-- args 99, 'New'
-- args 1, 'New'
WITH before AS (SELECT id, name FROM lib.author WHERE id = $1 FOR UPDATE),
changed AS (UPDATE lib.author a SET name = $2 FROM before WHERE a.id = before.id RETURNING a.id, a.name)
SELECT CASE WHEN EXISTS (SELECT FROM changed) THEN 'changed' WHEN EXISTS (SELECT FROM before) THEN 'stale' ELSE 'missing' END AS state,
c.name FROM (SELECT 1) one LEFT JOIN changed c ON true

-- many writes in one statement
-- ord never, id null, name null
-- given elements of $1, elements of $2
-- args '{1,99}', '{a,b}'
WITH input AS (SELECT ord, id, name FROM unnest($1::int[], $2::text[]) WITH ORDINALITY u (id, name, ord)),
changed AS (UPDATE lib.author a SET name = i.name FROM input i WHERE a.id = i.id RETURNING a.id, a.name)
SELECT i.ord, c.id, c.name FROM input i LEFT JOIN changed c ON c.id = i.id

-- many writes, answered only where they happened
-- ord never, id never, name never
-- args '{1,99}', '{a,b}'
WITH input AS (SELECT ord, id, name FROM unnest($1::int[], $2::text[]) WITH ORDINALITY u (id, name, ord)),
changed AS (UPDATE lib.author a SET name = i.name FROM input i WHERE a.id = i.id RETURNING a.id, a.name)
SELECT i.ord, c.id, c.name FROM input i JOIN changed c ON c.id = i.id

-- an import by sets
-- inserted never, skipped never
WITH staged AS (SELECT code AS name FROM lib.shelf), added AS (
    INSERT INTO lib.author (id, name) SELECT 200 + row_number() OVER (), name FROM staged ON CONFLICT DO NOTHING RETURNING id
) SELECT (SELECT count(*) FROM added) AS inserted, (SELECT count(*) FROM staged) - (SELECT count(*) FROM added) AS skipped

-- a queue's next jobs
-- id never, note null
DELETE FROM lib.review WHERE id IN (SELECT id FROM lib.review ORDER BY id LIMIT 2 FOR UPDATE SKIP LOCKED) RETURNING id, note

-- an advisory lock
-- got never
SELECT pg_try_advisory_xact_lock(hashtextextended('x', 0)) AS got

-- settings
-- a never, b null, c never
SELECT current_setting('work_mem') AS a, current_setting('no.such', true) AS b, set_config('work_mem', '4MB', true) AS c

-- the size of an import
-- n never, pages never
SELECT count(*)::int AS n, coalesce(sum(pages), 0)::bigint AS pages FROM lib.book

-- a share of a total
-- share null, safe never
SELECT sum(pages) FILTER (WHERE price > 1)::float8 / nullif(count(*), 0) AS share,
coalesce(sum(pages) FILTER (WHERE false), 0)::float8 / greatest(count(*), 1) AS safe FROM lib.book WHERE price IS NULL

-- a list of ids kept in order
-- id never, title null
-- given elements of $1
-- args '{3,99,1}'
SELECT w.id, b.title FROM unnest($1::int[]) WITH ORDINALITY w (id, ord) LEFT JOIN lib.book b ON b.id = w.id ORDER BY w.ord

-- a tree, with its depth and path
-- code never, depth never, path never, parent null
WITH RECURSIVE tree AS (
    SELECT code, parent, 1 AS depth, ARRAY[code] AS path FROM lib.shelf WHERE parent IS NULL
    UNION ALL SELECT s.code, s.parent, t.depth + 1, t.path || s.code FROM lib.shelf s JOIN tree t ON s.parent = t.code
) SELECT code, depth, path, parent FROM tree

-- two kinds of things in one list
-- kind never, id never, title never, note null
SELECT 'book' AS kind, id, title, NULL AS note FROM lib.book UNION ALL SELECT 'review', id, reader, note FROM lib.review

-- what changed between two sets
-- name cautious, was null, is null
SELECT coalesce(a.name, b.name) AS name, a.n AS was, b.n AS is
FROM (SELECT title AS name, pages AS n FROM lib.book WHERE id < 4) a
FULL JOIN (SELECT title AS name, pages AS n FROM lib.book WHERE id > 2) b ON b.name = a.name

-- a document of a row and its children
-- doc never
SELECT jsonb_build_object('id', b.id, 'reviews', (SELECT jsonb_agg(r.note) FROM lib.review r WHERE r.book_id = b.id)) AS doc FROM lib.book b

-- a flag of an outer join
-- title never, reviewed never, liked null
SELECT b.title, r.id IS NOT NULL AS reviewed, r.stars > 3 AS liked FROM lib.book b LEFT JOIN lib.review r ON r.book_id = b.id
