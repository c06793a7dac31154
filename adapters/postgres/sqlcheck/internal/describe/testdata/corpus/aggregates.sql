-- over a table
-- n never, sum null, max null, avg null
-- args 0
-- args 9
SELECT count(*) AS n, sum(pages), max(title), avg(price) FROM lib.book WHERE id > $1

-- over groups, of columns that are NOT NULL
-- author_id null, sum never, avg never, min never, every never
SELECT author_id, sum(pages), avg(pages), min(title), every(pages > 1) FROM lib.book GROUP BY author_id

-- over groups, of a nullable column
-- id never, sum null, n never
SELECT id, sum(price), count(price) AS n FROM lib.book GROUP BY id

-- with FILTER
-- id never, sum null, n never
SELECT id, sum(pages) FILTER (WHERE pages > 100), count(*) FILTER (WHERE pages > 100) AS n FROM lib.book GROUP BY id

-- by rollup
-- title null, n never
SELECT title, count(*) AS n FROM lib.book GROUP BY ROLLUP (title)

-- by cube
-- title null, pages null, sum null
-- args 999
SELECT title, pages, sum(stars) FROM lib.book JOIN lib.review ON book_id = book.id WHERE pages > $1
GROUP BY CUBE (title, pages)

-- by rollup over no rows
-- title null, sum null
-- args 0
-- args 999
SELECT title, sum(pages) FROM lib.book WHERE pages > $1 GROUP BY ROLLUP (title)

-- by grouping sets without the empty one
-- title null, pages null, sum never
SELECT title, pages, sum(id) FROM lib.book GROUP BY GROUPING SETS ((title), (pages))

-- by grouping sets with a column in each
-- title never, pages null
SELECT title, pages FROM lib.book GROUP BY GROUPING SETS ((title, pages), (title))

-- by a column and a rollup
-- title never, pages null, sum never
SELECT title, pages, sum(id) FROM lib.book GROUP BY title, ROLLUP (pages)

-- an expression of a column that grouping sets leave out
-- x null, y never
SELECT title || '!' AS x, coalesce(title, 'all') AS y FROM lib.book GROUP BY ROLLUP (title)

-- an expression that grouping sets leave out
-- x null, y null
SELECT lower(title) AS x, lower(title) || '!' AS y FROM lib.book GROUP BY ROLLUP (lower(title))

-- aggregates see a column before grouping sets leave it out
-- sum never, n never
SELECT sum(pages), count(pages) AS n FROM lib.book GROUP BY GROUPING SETS ((pages), (title))

-- GROUPING
-- g never
SELECT grouping(title) AS g FROM lib.book GROUP BY ROLLUP (title)

-- the empty group
-- sum null
-- args 0
-- args 999
SELECT sum(pages) FROM lib.book WHERE pages > $1 GROUP BY ()

-- array_agg and its like
-- a null, j null
-- args 0
-- args 9
SELECT array_agg(id) AS a, json_agg(id) AS j FROM lib.book WHERE id > $1

-- array_agg and its like over groups
-- a never, j never, o never
SELECT array_agg(price) AS a, jsonb_agg(price) AS j, jsonb_object_agg(id, price) AS o FROM lib.book GROUP BY author_id

-- string_agg over groups
-- s never, t null
SELECT string_agg(title, ', ') AS s, string_agg(code, ', ') AS t FROM lib.book GROUP BY id

-- array_agg made safe (sqlx #1265)
-- names never
-- args 9
SELECT coalesce(array_agg(title), '{}') AS names FROM lib.book WHERE id > $1

-- of a column from a left join
-- title never, max null, n never
SELECT b.title, max(r.stars), count(r.stars) AS n FROM lib.book b LEFT JOIN lib.review r ON r.book_id = b.id GROUP BY b.title

-- of a column from an inner join
-- title never, max never
SELECT b.title, max(r.stars) FROM lib.book b JOIN lib.review r ON r.book_id = b.id GROUP BY b.title

-- of a column that WHERE needs
-- id never, sum never
SELECT id, sum(price) FROM lib.book WHERE price > 1 GROUP BY id

-- stddev of one row
-- s null, p never
SELECT stddev_samp(pages) AS s, stddev_pop(pages) AS p FROM lib.book GROUP BY id

-- corr of one row
-- c null, n never
SELECT corr(pages, id) AS c, regr_count(pages, id) AS n FROM lib.book GROUP BY id

-- ordered-set aggregates
-- m never, p never, q null
SELECT mode() WITHIN GROUP (ORDER BY pages) AS m, percentile_disc(0.5) WITHIN GROUP (ORDER BY pages) AS p,
percentile_cont(0.5) WITHIN GROUP (ORDER BY price) AS q FROM lib.book GROUP BY id

-- hypothetical rank
-- r never
SELECT rank(100) WITHIN GROUP (ORDER BY pages) AS r FROM lib.book

-- distinct aggregate
-- n never, s never
SELECT count(DISTINCT author_id) AS n, sum(DISTINCT pages) AS s FROM lib.book GROUP BY mood

-- HAVING
-- id never, max never
SELECT author_id IS NULL AS id, max(pages) FROM lib.book GROUP BY author_id HAVING count(*) > 1

-- counting windows
-- row_number never, rank never, count never
SELECT row_number() OVER w, rank() OVER w, count(price) OVER w FROM lib.book WINDOW w AS (ORDER BY pages)

-- neighbours in a window
-- lag null, lead null, l never
SELECT lag(id) OVER (ORDER BY id), lead(id) OVER (ORDER BY id), lag(id, 1, 0) OVER (ORDER BY id) AS l FROM lib.book

-- first and last of the default frame
-- f never, l never, n null, p null
SELECT first_value(id) OVER w AS f, last_value(id) OVER w AS l, nth_value(id, 3) OVER w AS n,
first_value(price) OVER w AS p FROM lib.book WINDOW w AS (ORDER BY id DESC)

-- a frame that may be empty
-- s null, f null
SELECT sum(pages) OVER w AS s, first_value(id) OVER w AS f
FROM lib.book WINDOW w AS (ORDER BY id ROWS BETWEEN 2 PRECEDING AND 1 PRECEDING)

-- a frame without its row
-- s null
SELECT sum(pages) OVER (PARTITION BY id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW EXCLUDE CURRENT ROW) AS s FROM lib.book

-- running totals
-- s never, m null
SELECT sum(pages) OVER (ORDER BY id) AS s, max(price) OVER (PARTITION BY id) AS m FROM lib.book

-- a window over groups
-- s never, r never
SELECT sum(sum(pages)) OVER (ORDER BY author_id) AS s, rank() OVER (ORDER BY count(*)) AS r FROM lib.book GROUP BY author_id

-- ntile
-- n never, m null
-- args NULL
SELECT ntile(2) OVER (ORDER BY id) AS n, ntile($1) OVER (ORDER BY id) AS m FROM lib.book

-- a window's argument is evaluated for other rows than CASE has seen
-- l null
SELECT CASE WHEN price IS NOT NULL THEN first_value(price) OVER (ORDER BY id DESC) ELSE 0 END AS l FROM lib.book

-- a filtered window
-- s null
SELECT sum(pages) FILTER (WHERE pages > 100) OVER (ORDER BY id) AS s FROM lib.book

-- a frame that ends before its row
-- s null
SELECT sum(pages) OVER (ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS s FROM lib.book

-- a frame that starts after its row
-- s null, t never
SELECT sum(pages) OVER (ORDER BY id ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) AS s,
sum(pages) OVER (ORDER BY id ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS t FROM lib.book
