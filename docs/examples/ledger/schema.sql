--
-- PostgreSQL database dump
--

SET statement_timeout = 0;
SET client_encoding = 'UTF8';
SELECT pg_catalog.set_config('search_path', '', false);

CREATE SCHEMA ledger;
ALTER SCHEMA ledger OWNER TO ledger_owner;

CREATE TABLE ledger.entries (
    id bigint NOT NULL,
    account text NOT NULL,
    cents bigint NOT NULL,
    note text,
    booked_at timestamp with time zone NOT NULL
);
ALTER TABLE ledger.entries OWNER TO ledger_owner;

ALTER TABLE ledger.entries ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME ledger.entries_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE ONLY ledger.entries ADD CONSTRAINT entries_pkey PRIMARY KEY (id);

GRANT SELECT,INSERT ON TABLE ledger.entries TO ledger_serve;
