-- old and new of an UPDATE
-- a never, b never, c null, d never
UPDATE lib.book SET code = 'z' RETURNING old.title AS a, new.title AS b, old.code AS c, new.code AS d

-- old of an INSERT
-- a null, b never, c null
INSERT INTO lib.author (id, name) VALUES (9, 'x') RETURNING old.name AS a, new.name AS b, old AS c

-- new of a DELETE
-- a null, b never
DELETE FROM lib.review RETURNING new.stars AS a, old.stars AS b

-- old of an upsert
-- a null, b never
INSERT INTO lib.author (id, name) VALUES (9, 'x') ON CONFLICT (id) DO UPDATE SET name = 'y' RETURNING old.name AS a, new.name AS b

-- a NULL in json as a number
-- n null
SELECT ('null'::jsonb)::int AS n
