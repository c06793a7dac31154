-- UNION ALL
-- a never, b null
SELECT title AS a, title AS b FROM lib.book UNION ALL SELECT title, code FROM lib.book

-- UNION with a constant
-- a null
SELECT title AS a FROM lib.book UNION SELECT NULL

-- INTERSECT
-- a never, b null
SELECT title AS a, mood AS b FROM lib.book INTERSECT SELECT title, mood FROM lib.book

-- INTERSECT, one side NOT NULL
-- a never
SELECT code::text AS a FROM lib.book INTERSECT SELECT code FROM lib.shelf

-- EXCEPT
-- a never, b null
SELECT title AS a, code AS b FROM lib.book EXCEPT SELECT code, title FROM lib.book

-- nested set operations
-- a null
(SELECT title AS a FROM lib.book EXCEPT SELECT code FROM lib.book) UNION (SELECT code FROM lib.book INTERSECT SELECT code FROM lib.book)

-- a set operation in FROM
-- a never
SELECT a FROM (SELECT title AS a FROM lib.book UNION ALL SELECT name FROM lib.author) s ORDER BY a LIMIT 3

-- a set operation with types to unify
-- a null
SELECT id AS a FROM lib.book UNION SELECT price FROM lib.book

-- DISTINCT
-- a null, b never
SELECT DISTINCT code AS a, title AS b FROM lib.book

-- DISTINCT ON
-- a null, b never
SELECT DISTINCT ON (author_id) author_id AS a, title AS b FROM lib.book ORDER BY author_id, id

-- VALUES
-- column1 never, column2 null
VALUES (1, 'a'), (2, NULL)

-- VALUES with a parameter
-- a never, b null
-- given not null $1
-- args 1, NULL
SELECT v.a, v.b FROM (VALUES ($1::int, $2::int)) v (a, b)

-- VALUES joined
-- a null, title never
SELECT v.a, b.title FROM lib.book b LEFT JOIN (VALUES (1), (2)) v (a) ON v.a = b.id

-- generate_series
-- n never, m null
SELECT n, s.id AS m FROM generate_series(1, 3) n LEFT JOIN lib.book s ON s.id = n + 3

-- generate_series of times
-- t never
SELECT t FROM generate_series(now(), now() + interval '1 day', interval '1 hour') t

-- generate_series in the select list
-- n never, title never
SELECT generate_series(1, 2) AS n, title FROM lib.book

-- several sets in the select list
-- n null, m null
SELECT generate_series(1, 2) AS n, generate_series(1, 3) AS m UNION ALL SELECT generate_series(1, 3), generate_series(1, 2)

-- unnest of a column
-- t null
SELECT t FROM lib.book, unnest(tags) t

-- unnest in the select list
-- t null
SELECT unnest(tags) AS t FROM lib.book

-- unnest of a list
-- t never, u null
SELECT t, u FROM unnest(ARRAY[1, 2]) t, unnest(ARRAY[1, NULL]) u

-- unnest of a parameter
-- t never, o never
-- given elements of $1
-- args '{1,2}'
-- args NULL
SELECT t, o FROM unnest($1::int[]) WITH ORDINALITY u (t, o)

-- unnest of two parameters, one shorter
-- t null, u null, o never
-- given elements of $1, elements of $2
-- args '{1,2}', '{1}'
-- args '{1}', '{1,2}'
SELECT t, u, o FROM unnest($1::int[], $2::int[]) WITH ORDINALITY x (t, u, o)

-- unnest of two parameters, narrowed
-- t never, u never
-- args '{1,2}', '{1}'
SELECT t, u FROM unnest($1::int[], $2::int[]) x (t, u) WHERE t > 0 AND u > 0

-- ROWS FROM
-- a null, b null
SELECT a, b FROM ROWS FROM (generate_series(1, 2), generate_series(1, 3)) r (a, b) UNION ALL
SELECT a, b FROM ROWS FROM (generate_series(1, 3), generate_series(1, 2)) r (a, b)

-- ordinality of a left join
-- title never, o null
SELECT b.title, o FROM lib.book b LEFT JOIN unnest(b.tags) WITH ORDINALITY u (t, o) ON true

-- a function that returns a table
-- k null, v null
SELECT k, v FROM lib.pairs()

-- a plain function in FROM
-- l never, m null
SELECT l, m FROM lower('X') l, lib.maybe(1) m

-- elements of json
-- e never, t null
SELECT e, t FROM lib.book, jsonb_array_elements(coalesce(meta -> 'l', '[1]')) e, jsonb_array_elements_text('[null]') t

-- pairs of json
-- k never, v never, t null
SELECT a.key AS k, a.value AS v, b.value AS t FROM lib.book, jsonb_each(meta) a, jsonb_each_text(meta) b

-- regular expressions
-- m never, s never
SELECT m, s FROM regexp_matches('abc', 'b|(x)') m, regexp_split_to_table('a b', ' ') s

-- a partitioned table
-- id never, taken never, returned null, tableoid never
SELECT id, taken, returned, tableoid FROM lib.loan

-- a sample
-- title never, code null
SELECT title, code FROM lib.book TABLESAMPLE SYSTEM (100)

-- locked rows
-- title never, code null
SELECT title, code FROM lib.book ORDER BY id LIMIT 3 FOR UPDATE SKIP LOCKED

