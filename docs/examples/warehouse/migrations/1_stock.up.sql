CREATE TABLE items (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL,
    note text,
    price numeric NOT NULL,
    stock integer NOT NULL CHECK (stock >= 0),
    counted_at timestamptz
);
