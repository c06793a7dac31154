-- constants
-- a never, b never, c null
SELECT 1 AS a, 'x' AS b, NULL::int AS c

-- CASE without ELSE (sqlx #3202)
-- c null
SELECT CASE WHEN pages > 100 THEN title END AS c FROM lib.book

-- CASE with ELSE
-- c never, d null
SELECT CASE WHEN pages > 100 THEN title ELSE '' END AS c, CASE WHEN pages > 100 THEN code ELSE '' END AS d FROM lib.book

-- CASE that asks for NULL first
-- a never, b never, c null
SELECT CASE WHEN price IS NOT NULL THEN price ELSE 0 END AS a, CASE WHEN price IS NULL THEN 0 ELSE price END AS b,
CASE WHEN price IS NOT NULL THEN 0 ELSE price END AS c FROM lib.book

-- CASE whose condition needs the value
-- a never, b null
SELECT CASE WHEN price > 5 THEN price ELSE 0 END AS a, CASE WHEN price > 5 THEN 0 ELSE price END AS b FROM lib.book

-- CASE of an outer join's row
-- a never, b null
SELECT CASE WHEN a.id IS NULL THEN 'nobody' ELSE a.name END AS a, CASE WHEN a.id IS NULL THEN '' ELSE a.country END AS b
FROM lib.book b LEFT JOIN lib.author a ON a.id = b.author_id

-- simple CASE
-- c never, d null
SELECT CASE mood WHEN 'calm' THEN 1 ELSE 2 END AS c, CASE pages WHEN 100 THEN 1 END AS d FROM lib.book

-- COALESCE
-- a never, b null, c never
SELECT coalesce(code, 'x') AS a, coalesce(code, mood::text) AS b, coalesce(code, mood::text, title) AS c FROM lib.book

-- NULLIF
-- n null, m never
SELECT nullif(title, 'One') AS n, coalesce(nullif(title, 'One'), '-') AS m FROM lib.book

-- GREATEST and LEAST
-- g never, l null
SELECT greatest(price, 1) AS g, least(price, author_id) AS l FROM lib.book

-- arithmetic
-- a never, b null, c never
SELECT pages + 1 AS a, pages * price AS b, -pages % 7 AS c FROM lib.book

-- comparisons
-- a never, b null, c never, d never
SELECT pages > 1 AS a, price > 1 AS b, price IS DISTINCT FROM 1 AS c, title LIKE 'O%' AS d FROM lib.book

-- AND, OR, NOT
-- a null, b never, c null
SELECT pages > 1 AND price > 1 AS a, NOT (pages > 1 OR pages < 0) AS b, NOT price > 1 AS c FROM lib.book

-- tests for NULL and truth
-- a never, b never, c never
SELECT price IS NULL AS a, (price > 1) IS TRUE AS b, (price > 1) IS UNKNOWN AS c FROM lib.book

-- text
-- a never, b never, c null, d never, e never
SELECT lower(title) AS a, title || '!' AS b, title || code AS c, length(title) AS d, substr(title, 1, 2) AS e FROM lib.book

-- one name, several functions
-- a never, b null
SELECT lower('X'::text) AS a, lower(int4range(NULL, pages)) AS b FROM lib.book

-- substring by pattern
-- a never, b null
SELECT substring(title from 1 for 1) AS a, substring(title from 'O.*') AS b FROM lib.book

-- functions that ignore NULL
-- a never, b never, c never, d null
SELECT concat(code, mood) AS a, concat_ws('-', code, price) AS b, format('%s', code) AS c, format(code) AS d FROM lib.book

-- functions over an array of arguments
-- a null, b never
-- args NULL
SELECT concat(VARIADIC $1::text[]) AS a, concat(VARIADIC tags) AS b FROM lib.book

-- functions of one's own
-- m null
SELECT lib.maybe(id) AS m FROM lib.book

-- casts
-- a never, b null, c never, d never
SELECT pages::text AS a, price::int AS b, '{}'::jsonb AS c, 'calm'::lib.mood AS d FROM lib.book

-- a cast to a domain that refuses NULL
-- a never, b null
SELECT title::lib.label AS a, code::lib.code AS b FROM lib.book

-- a column of a domain that refuses NULL, and an empty subquery got past it
-- label null
SELECT label FROM lib.book

-- collation
-- a never, b null
SELECT title COLLATE "C" AS a, code COLLATE "C" AS b FROM lib.book

-- times
-- a never, b never, c never, d never
SELECT now() AS a, added - interval '1 day' AS b, date_trunc('day', added) AS c, current_date AS d FROM lib.book

-- EXTRACT of an infinite time
-- a null, b never
SELECT extract(hour FROM added) AS a, extract(epoch FROM added) AS b FROM lib.book

-- to_char of an infinite time
-- a null, b never
SELECT to_char(added, 'YYYY') AS a, to_char(pages, '999') AS b FROM lib.book

-- who and where
-- a never, b never, c never
SELECT current_user AS a, current_database() AS b, pg_backend_pid() AS c

-- jsonb operators
-- a null, b null, c null, d never, e never
SELECT meta -> 'k' AS a, meta ->> 'k' AS b, meta #>> '{k,m}' AS c, meta || '{}' AS d, meta ? 'k' AS e FROM lib.book

-- jsonb functions
-- a never, b never, c null, d never
SELECT jsonb_build_object('a', price) AS a, to_jsonb(pages) AS b, to_jsonb(price) AS c, jsonb_typeof(meta) AS d FROM lib.book

-- row_to_json
-- j never, k null
SELECT row_to_json(b) AS j, row_to_json(a) AS k FROM lib.book b LEFT JOIN lib.author a ON a.id = b.author_id

-- arrays
-- a never, b null, c never, d null
SELECT ARRAY[price] AS a, tags[1] AS b, cardinality(tags) AS c, array_length(tags, 1) AS d FROM lib.book

-- array functions
-- a never, b never, c null
SELECT array_append(tags, NULL) AS a, tags || '{x}' AS b, array_position(tags, 'a') AS c FROM lib.book

-- a row
-- r never
SELECT ROW(price, code) AS r FROM lib.book

-- a field of a row
-- k null
SELECT (p).k FROM (SELECT lib.pairs() AS p) s

-- = ANY of a list
-- a never, b null, c null
SELECT pages = ANY (ARRAY[1, 2]) AS a, price = ANY (ARRAY[1, 2]) AS b, pages IN (1, NULL) AS c FROM lib.book

-- = ANY of an array's text
-- a never, b null
SELECT pages = ANY ('{1,2}') AS a, pages = ANY ('{1,NULL}') AS b FROM lib.book

-- = ANY of a column that holds NULL
-- a null
SELECT 'z' = ANY (tags) AS a FROM lib.book

-- = ANY of a parameter
-- a never
-- given not null $1, elements of $1
-- args '{1,2}'
SELECT pages = ANY ($1::int[]) AS a FROM lib.book

-- = ANY of a parameter with unknown elements
-- a null
-- given not null $1
-- args '{NULL}'
SELECT pages = ANY ($1::int[]) AS a FROM lib.book

-- a parameter that is never NULL
-- a never, b null
-- given not null $1
-- args 1, NULL
SELECT $1::int AS a, $2::int AS b

-- a parameter in an expression
-- a never, b null
-- given not null $1
-- args 1, NULL
SELECT pages + $1 AS a, pages + $2 AS b FROM lib.book

-- an optional filter by NULL
-- title never, country null
-- args NULL
SELECT b.title, a.country FROM lib.book b JOIN lib.author a ON a.id = b.author_id WHERE $1::text IS NULL OR a.country = $1

-- WHERE IS NOT NULL
-- price never, code null
SELECT price, code FROM lib.book WHERE price IS NOT NULL

-- WHERE needs a nullable column
-- price never, mood never, code never
-- args 1, 'calm', '{d,c}'
SELECT price, mood, code FROM lib.book WHERE (price > $1 OR price IS NOT NULL AND pages > 0) AND mood = $2 AND code = ANY ($3::text[])

-- WHERE NOT IN, over a list
-- price never
SELECT price FROM lib.book WHERE price NOT IN (1, 2)

-- WHERE <> ALL of nothing keeps NULL
-- price null
-- args '{}'
SELECT price FROM lib.book WHERE price <> ALL ($1::numeric[])

-- WHERE with a function that is not strict
-- code null
SELECT code FROM lib.book WHERE coalesce(code, 'x') = 'x'

-- WHERE IS NOT TRUE keeps NULL
-- price null
SELECT price FROM lib.book WHERE (price > 10) IS NOT TRUE

-- WHERE IS FALSE
-- price never
SELECT price FROM lib.book WHERE (price > 10) IS FALSE

-- WHERE NOT
-- author_id never, price null
SELECT author_id, price FROM lib.book WHERE NOT (author_id < 1 OR price < 1 AND pages > 1000)

-- WHERE NOT of a test for NULL
-- code never, price never
SELECT code, price FROM lib.book WHERE NOT (code IS NULL OR price IS NULL)

-- WHERE through casts and functions
-- code never, price null
SELECT code, price FROM lib.book WHERE lower(code::text) > '' OR code <> '' AND price::text > ''
