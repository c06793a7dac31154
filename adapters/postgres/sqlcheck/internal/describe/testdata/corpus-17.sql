-- JSON_VALUE, JSON_QUERY, JSON_EXISTS
-- a null, b null, c cautious
SELECT JSON_VALUE(meta, '$.k') AS a, JSON_QUERY(meta, '$.z') AS b, JSON_EXISTS(meta, '$.k') AS c FROM lib.book

-- JSON_SCALAR and JSON_SERIALIZE
-- a null, b never
SELECT JSON_SCALAR(price) AS a, JSON_SERIALIZE(meta) AS b FROM lib.book

-- JSON_TABLE
-- o cautious, k null
SELECT t.o, t.k FROM lib.book, JSON_TABLE(meta, '$' COLUMNS (o FOR ORDINALITY, k text PATH '$.k')) t

-- MERGE RETURNING
-- action never, id never, country null, title never
MERGE INTO lib.author a USING lib.book b ON a.id = b.author_id
WHEN MATCHED AND b.id <> 2 THEN UPDATE SET country = b.code WHEN NOT MATCHED THEN INSERT VALUES (100 + b.id, b.title, 'SE', NULL)
RETURNING merge_action() AS action, a.id, a.country, b.title

-- MERGE RETURNING a source that need not be
-- name never, title null
MERGE INTO lib.author a USING (SELECT * FROM lib.book WHERE id = 3) b ON a.id = b.author_id
WHEN MATCHED THEN UPDATE SET country = b.code WHEN NOT MATCHED BY SOURCE THEN UPDATE SET country = 'x'
RETURNING a.name, b.title
