-- JSON_ARRAY and JSON_OBJECT
-- a never, o never
SELECT JSON_ARRAY(price, 1) AS a, JSON_OBJECT('p': price) AS o FROM lib.book

-- JSON_OBJECTAGG and JSON_ARRAYAGG
-- o never, a cautious
SELECT JSON_OBJECTAGG(title: price) AS o, JSON_ARRAYAGG(price) AS a FROM lib.book GROUP BY id

-- JSON_ARRAYAGG over no rows
-- a null
-- args 9
SELECT JSON_ARRAYAGG(price) AS a FROM lib.book WHERE id > $1

-- JSON_ARRAY of a subquery
-- a null
SELECT JSON_ARRAY(SELECT id FROM lib.book WHERE false) AS a

-- IS JSON
-- a never, b null
SELECT title IS JSON AS a, code IS JSON OBJECT AS b FROM lib.book

-- any_value
-- a null, b never
SELECT any_value(price) AS a, any_value(pages) AS b FROM lib.book GROUP BY id
