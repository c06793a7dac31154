-- a scalar subquery
-- title never, name null
SELECT title, (SELECT name FROM lib.author WHERE id = b.author_id) AS name FROM lib.book b

-- a scalar subquery that counts
-- n never, m null
SELECT (SELECT count(*) FROM lib.review WHERE book_id = b.id) AS n, (SELECT max(stars) FROM lib.review WHERE book_id = b.id) AS m
FROM lib.book b

-- a scalar subquery that counts by group
-- n null
SELECT (SELECT count(*) FROM lib.review WHERE book_id = b.id GROUP BY book_id) AS n FROM lib.book b

-- a scalar subquery that counts, with HAVING or LIMIT
-- n null, m null
SELECT (SELECT count(*) FROM lib.review WHERE book_id = b.id HAVING count(*) > 1) AS n,
(SELECT count(*) FROM lib.review OFFSET 1) AS m FROM lib.book b

-- a scalar subquery without FROM
-- a never, b null
SELECT (SELECT b.title) AS a, (SELECT b.code) AS b FROM lib.book b

-- a scalar subquery without FROM but with WHERE
-- a null
SELECT (SELECT b.title WHERE b.pages > 100) AS a FROM lib.book b

-- COALESCE of a scalar subquery
-- a never
SELECT coalesce((SELECT name FROM lib.author WHERE id = b.author_id), '-') AS a FROM lib.book b

-- EXISTS and ARRAY
-- e never, a never
SELECT EXISTS (SELECT FROM lib.review WHERE book_id = b.id) AS e, ARRAY(SELECT note FROM lib.review WHERE book_id = b.id) AS a
FROM lib.book b

-- IN a subquery
-- a never, b null, c null
SELECT id IN (SELECT book_id FROM lib.review) AS a, author_id IN (SELECT id FROM lib.author) AS b,
id IN (SELECT author_id FROM lib.book) AS c FROM lib.book

-- NOT IN a subquery
-- a never, b null
SELECT id NOT IN (SELECT book_id FROM lib.review) AS a, 9 NOT IN (SELECT author_id FROM lib.book) AS b FROM lib.book

-- = ALL of a subquery
-- a never, b null
SELECT id > ALL (SELECT id FROM lib.author) AS a, 9 > ALL (SELECT author_id FROM lib.book) AS b FROM lib.book

-- a row IN a subquery
-- a never
SELECT (id, pages) IN (SELECT book_id, stars FROM lib.review) AS a FROM lib.book

-- WHERE IN a subquery needs the column
-- author_id never
SELECT author_id FROM lib.book WHERE author_id IN (SELECT id FROM lib.author)

-- WHERE NOT IN a subquery of nothing keeps NULL
-- author_id null
SELECT author_id FROM lib.book WHERE author_id NOT IN (SELECT id FROM lib.author WHERE false)

-- a subquery in FROM
-- title never, name null
SELECT s.title, s.name FROM (SELECT b.title, a.name FROM lib.book b LEFT JOIN lib.author a ON a.id = b.author_id) s

-- a subquery in FROM, narrowed outside
-- title never, name never
SELECT s.title, s.name FROM (SELECT b.title, a.name FROM lib.book b LEFT JOIN lib.author a ON a.id = b.author_id) s
WHERE s.name > ''

-- WITH
-- title never, name null
WITH s AS (SELECT b.title, a.name FROM lib.book b LEFT JOIN lib.author a ON a.id = b.author_id) SELECT title, name FROM s

-- WITH, used twice and joined
-- a never, b null
WITH s AS (SELECT id, title FROM lib.book WHERE pages > 90) SELECT x.title AS a, y.title AS b FROM s x LEFT JOIN s y ON y.id = x.id + 1

-- WITH in a subquery further in
-- a never, c null
WITH s AS (SELECT id, title FROM lib.book) SELECT title AS a, (SELECT s.title FROM s WHERE s.id = b.id + 1) AS c FROM lib.book b

-- WITH that shadows another
-- a null
WITH s AS (SELECT title AS a FROM lib.book) SELECT t.a FROM (WITH s AS (SELECT code AS a FROM lib.book) SELECT a FROM s) t

-- WITH MATERIALIZED
-- n never
WITH s AS MATERIALIZED (SELECT count(*) AS n FROM lib.book) SELECT n FROM s

-- recursion that stays NOT NULL
-- n never
WITH RECURSIVE t AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM t WHERE n < 3) SELECT n FROM t

-- recursion that starts with NULL
-- n never, parent null
WITH RECURSIVE t AS (
    SELECT code AS n, parent FROM lib.shelf WHERE parent IS NULL
    UNION ALL SELECT s.code, t.n FROM lib.shelf s JOIN t ON s.parent = t.n
) SELECT n, parent FROM t

-- recursion that becomes NULL in its second round
-- a never, b null
WITH RECURSIVE t AS (
    SELECT 'a' AS a, 'b' AS b, NULL AS c, 1 AS n UNION ALL SELECT t.a, t.c, t.c, n + 1 FROM t WHERE n < 3
) SELECT a, b FROM t

-- recursion with a left join
-- code never, up null
WITH RECURSIVE t AS (
    SELECT code, place AS up FROM lib.shelf WHERE code = 'd'
    UNION SELECT s.code, p.code FROM t JOIN lib.shelf s ON s.code > t.code OR t.code = 'd' LEFT JOIN lib.shelf p ON p.code = s.parent
) SELECT code, up FROM t

-- recursion in order
-- code never, ord cautious
WITH RECURSIVE t AS (
    SELECT code FROM lib.shelf WHERE parent IS NULL UNION ALL SELECT s.code FROM lib.shelf s JOIN t ON s.parent = t.code
) SEARCH DEPTH FIRST BY code SET ord SELECT code, ord FROM t

-- a view
-- id never, title never, author null, author_id null
SELECT id, title, author, author_id FROM lib.book_author

-- a view of a view, narrowed
-- id never, author never
SELECT id, author FROM lib.book_known

-- the outer join of a view
-- name never, title null
SELECT a.name, v.title FROM lib.author a LEFT JOIN lib.book_known v ON v.id = a.id

-- a materialized view may be older than its constraints
-- id cautious, country null
SELECT id, country FROM lib.snapshot

-- a system view
-- name null
SELECT s.setting AS name FROM pg_settings s LEFT JOIN lib.author a ON a.id = 1 WHERE s.setting IS NULL OR s.name = 'x' UNION SELECT NULL

-- a system table
-- relname never
SELECT relname FROM pg_class LIMIT 3

-- an aggregate of an outer query
-- m null
SELECT (SELECT max(b.price)) AS m FROM lib.book b GROUP BY b.id

-- a correlated subquery in CASE
-- c never
SELECT CASE WHEN code IS NOT NULL THEN (SELECT b.code) ELSE '' END AS c FROM lib.book b

-- a subquery over a group that grouping sets leave out
-- x null
SELECT (SELECT b.title) AS x FROM lib.book b GROUP BY ROLLUP (b.title)
