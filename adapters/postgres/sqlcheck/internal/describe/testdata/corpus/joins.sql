-- plain columns
-- id never, name never, country null
SELECT id, name, country FROM lib.author

-- the right side of a left join
-- title never, name null
SELECT b.title, a.name FROM lib.book b LEFT JOIN lib.author a ON a.id = b.author_id

-- the left side of a right join
-- name null, title never
SELECT a.name, b.title FROM lib.author a RIGHT JOIN lib.book b ON a.id = b.author_id

-- both sides of a full join
-- name null, title null
SELECT a.name, b.title FROM lib.author a FULL JOIN lib.book b ON a.id = b.author_id

-- inner join
-- name never, title never
SELECT a.name, b.title FROM lib.author a JOIN lib.book b ON a.id = b.author_id

-- cross join
-- name never, title never
SELECT a.name, b.title FROM lib.author a CROSS JOIN lib.book b

-- a chain of left joins (sqlx #367)
-- title never, stars null, note null, name null
SELECT b.title, r.stars, r.note, a.name FROM lib.book b
LEFT JOIN lib.review r ON r.book_id = b.id LEFT JOIN lib.author a ON a.id = b.author_id

-- a left join filtered by the primary key, where a planner makes other plans (sqlx #2796)
-- id never, name null
-- args 4
-- args 1
SELECT b.id, a.name FROM lib.book b LEFT JOIN lib.author a ON a.id = b.author_id WHERE b.id = $1

-- an inner join within the right side of a left join
-- name never, title null, stars null
SELECT a.name, b.title, r.stars FROM lib.author a
LEFT JOIN (lib.book b JOIN lib.review r ON r.book_id = b.id) ON b.author_id = a.id

-- a left join within the right side of a left join
-- name never, title null, stars null
SELECT a.name, b.title, r.stars FROM lib.author a
LEFT JOIN (lib.book b LEFT JOIN lib.review r ON r.book_id = b.id) ON b.author_id = a.id

-- a left join within the left side of an inner join
-- title never, name null, stars never
SELECT b.title, a.name, r.stars FROM (lib.book b LEFT JOIN lib.author a ON a.id = b.author_id)
JOIN lib.review r ON r.book_id = b.id

-- an inner join after a left join, whose condition needs the right side
-- title never, name never, other never
SELECT b.title, a.name, c.title AS other FROM lib.book b LEFT JOIN lib.author a ON a.id = b.author_id
JOIN lib.book c ON c.author_id = a.id

-- a right join after a left join
-- title null, name null, stars never
SELECT b.title, a.name, r.stars FROM lib.book b LEFT JOIN lib.author a ON a.id = b.author_id
RIGHT JOIN lib.review r ON r.book_id = b.id AND b.id > 3

-- a full join within a left join
-- code never, name null, title null
SELECT s.code, a.name, b.title FROM lib.shelf s
LEFT JOIN (lib.author a FULL JOIN lib.book b ON a.id = b.author_id) ON s.code = 'a'

-- USING of an inner join
-- id never
SELECT id FROM lib.author JOIN lib.book USING (id)

-- USING of a left join
-- id never, title null
SELECT id, title FROM lib.author LEFT JOIN lib.book USING (id)

-- USING of a right join
-- id never, country null
SELECT id, country FROM lib.author RIGHT JOIN lib.book USING (id)

-- USING of a full join of columns that are NOT NULL
-- id never, name null, title null
SELECT id, name, title FROM lib.author FULL JOIN lib.book USING (id)

-- USING of a full join of a column that is nullable
-- country null
SELECT country FROM lib.author a FULL JOIN (SELECT code AS country FROM lib.book) b USING (country)

-- USING of a full join, one side nullable
-- name null
SELECT name FROM lib.author FULL JOIN (SELECT code AS name FROM lib.book) b USING (name)

-- USING of a full join within a left join
-- code never, id null
SELECT s.code, j.id FROM lib.shelf s LEFT JOIN (lib.author FULL JOIN lib.book USING (id)) j ON s.code = 'a'

-- USING of a full join of two full joins
-- id never
SELECT id FROM lib.author FULL JOIN lib.book USING (id) FULL JOIN (SELECT 9 AS id) n USING (id)

-- USING of a full join of a full join, nullable in the last
-- id null
SELECT id FROM lib.author FULL JOIN lib.book USING (id) FULL JOIN (SELECT author_id AS id FROM lib.book) n USING (id)

-- USING with another type on either side
-- id never, title null
SELECT id, title FROM (SELECT id::bigint FROM lib.author) a LEFT JOIN lib.book USING (id)

-- USING of a right join with another type on either side
-- id never, name null
SELECT id, name FROM lib.author RIGHT JOIN (SELECT id::bigint FROM lib.book) b USING (id)

-- the sides of USING of a full join
-- a null, b null
SELECT a.id AS a, b.id AS b FROM lib.author a FULL JOIN lib.book b USING (id)

-- natural join
-- id never, name never, title never
SELECT id, name, title FROM lib.author NATURAL JOIN lib.book

-- natural left join
-- id never, title null
SELECT id, title FROM lib.author NATURAL LEFT JOIN lib.book

-- WHERE needs the right side of a left join
-- title never, name never, country null
-- args 'Ada'
-- args 'Bo'
SELECT b.title, a.name, a.country FROM lib.book b LEFT JOIN lib.author a ON a.id = b.author_id WHERE a.name = $1

-- WHERE IS NOT NULL needs the right side of a left join
-- title never, name never
SELECT b.title, a.name FROM lib.book b LEFT JOIN lib.author a ON a.id = b.author_id WHERE a.id IS NOT NULL

-- WHERE IS NULL keeps what has no match
-- title never, name null
SELECT b.title, a.name FROM lib.book b LEFT JOIN lib.author a ON a.id = b.author_id WHERE a.id IS NULL

-- WHERE needs one side of a full join
-- name never, title null
SELECT a.name, b.title FROM lib.author a FULL JOIN lib.book b ON a.id = b.author_id WHERE a.id > 0

-- WHERE needs both sides of a full join
-- name never, title never
SELECT a.name, b.title FROM lib.author a FULL JOIN lib.book b ON a.id = b.author_id WHERE a.id > 0 AND b.pages > 0

-- WHERE needs the far end of two left joins
-- name null, title never, stars never
SELECT a.name, b.title, r.stars FROM lib.book b LEFT JOIN lib.author a ON a.id = b.author_id
LEFT JOIN lib.review r ON r.book_id = b.id WHERE r.stars > 0

-- what WHERE needs makes an outer join's condition hold
-- name never, country never
SELECT a.name, a.country FROM lib.book b LEFT JOIN lib.author a ON a.id = b.author_id AND a.country > 'A'
WHERE a.id IS NOT NULL

-- WHERE with OR needs neither
-- title never, name null
SELECT b.title, a.name FROM lib.book b LEFT JOIN lib.author a ON a.id = b.author_id WHERE a.name = 'Ada' OR b.pages < 100

-- WHERE with OR needs what both arms need
-- title never, name never
SELECT b.title, a.name FROM lib.book b LEFT JOIN lib.author a ON a.id = b.author_id WHERE a.name = 'Ada' OR a.country = 'SE'

-- the condition of a left join doesn't filter its left side
-- country null, title null
SELECT a.country, b.title FROM lib.author a LEFT JOIN lib.book b ON b.author_id = a.id AND a.country = 'SE'

-- the condition of an inner join filters both
-- country never, title never
SELECT a.country, b.title FROM lib.author a JOIN lib.book b ON b.author_id = a.id AND a.country = 'SE'

-- the condition of a full join filters neither
-- country null, code null
SELECT a.country, b.code FROM lib.author a FULL JOIN lib.book b ON b.code = a.country

-- an inner join's condition within a left join
-- name never, code null
SELECT a.name, b.code FROM lib.author a LEFT JOIN (lib.book b JOIN lib.shelf s ON s.code = b.code) ON a.id > 1

-- lateral left join with a limit (sqlx #2127)
-- title never, stars null, note null
SELECT b.title, r.stars, r.note FROM lib.book b
LEFT JOIN LATERAL (SELECT stars, note FROM lib.review WHERE book_id = b.id ORDER BY id LIMIT 1) r ON true

-- lateral cross join
-- title never, stars never, note null
SELECT b.title, r.stars, r.note FROM lib.book b CROSS JOIN LATERAL (SELECT stars, note FROM lib.review WHERE book_id = b.id) r

-- lateral column of the row outside
-- t never, c null
SELECT l.t, l.c FROM lib.book b CROSS JOIN LATERAL (SELECT b.title AS t, b.code AS c) l

-- lateral aggregate
-- title never, n never, best null
SELECT b.title, r.n, r.best FROM lib.book b
LEFT JOIN LATERAL (SELECT count(*) AS n, max(stars) AS best FROM lib.review WHERE book_id = b.id) r ON b.pages > 0
WHERE r.n IS NOT NULL

-- lateral aggregate, left join
-- n null
SELECT r.n FROM lib.book b
LEFT JOIN LATERAL (SELECT count(*) AS n FROM lib.review WHERE book_id = b.id) r ON b.pages > 100

-- a table joined with itself
-- a never, b null
SELECT a.code AS a, b.code AS b FROM lib.shelf a LEFT JOIN lib.shelf b ON b.code = a.parent

-- a whole row
-- b never, a null
SELECT b, a FROM lib.book b LEFT JOIN lib.author a ON a.id = b.author_id

-- a system column
-- tableoid never, ctid null
SELECT b.tableoid, a.ctid FROM lib.book b LEFT JOIN lib.author a ON a.id = b.author_id

-- a comma between left joins
-- title never, name null, code never
SELECT b.title, a.name, s.code FROM lib.shelf s, lib.book b LEFT JOIN lib.author a ON a.id = b.author_id

-- a join with ON false
-- title never, name null
SELECT b.title, a.name FROM lib.book b LEFT JOIN lib.author a ON false

-- a join's alias
-- title never, name null
SELECT j.title, j.name FROM (lib.book b LEFT JOIN lib.author a ON a.id = b.author_id) AS j

-- a USING alias
-- id never
SELECT u.id FROM lib.author LEFT JOIN lib.book USING (id) AS u

-- what WHERE needs makes the condition hold for the left side too
-- country never, title never
SELECT a.country, b.title FROM lib.author a LEFT JOIN lib.book b ON b.author_id = a.id AND a.country > '' WHERE b.id > 0

-- what WHERE needs of one side of a full join makes its condition hold for the other
-- country null, code never
SELECT a.country, b.code FROM lib.author a FULL JOIN lib.book b ON b.code = a.country WHERE b.code > ''

-- USING of a full join, one side there and NOT NULL
-- name never
SELECT name FROM lib.author a FULL JOIN (SELECT code AS name FROM lib.book) b USING (name) WHERE a.id > 0

-- a left join of a left join's nullable side, needed by the outer condition
-- title never, name null, stars null
SELECT b.title, a.name, r.stars FROM lib.book b
LEFT JOIN (lib.author a LEFT JOIN lib.review r ON r.book_id = a.id) ON a.id = b.author_id AND (r.stars > 0 OR a.country = 'SE')
