// Package sqlcheck makes typed queries of squirrel builders, or of SQL (Text), for
// pgx, with every text that the program can send known before it is released.
//
// A query is a package-level variable. Its parameters are a struct: a field is
// an argument, an Opt is a filter that may be absent, and a field listed in
// Enums, like a sort order, changes the text. Each combination is a variant.
// When a variant is first used it is built several times with different values,
// which shows which field each argument is, and kept. From then on the variant
// is looked up and the fields are its arguments: squirrel's work is not repeated
// for each call.
//
// A definition that could send any other text is wrong. All, which tests and
// the command sqlcheck list the definitions with, builds all variants and
// panics with the file and line of a wrong one and what to do. Where no test
// looked, what serves gets the same words as an error of the query, and sends
// nothing.
//
// Rows are scanned into a struct by its db tags. The columns of the result and
// the fields must be the same set: a column without a field, or a field
// without a column, is an error.
//
// Queries run on a DB, which is a pool (Pool), one connection (Hold) or a
// transaction (InTx); several go in one round trip in a Batch; NewCopy defines
// a COPY. There is no way to hand a DB a text. All lists what is registered.
//
// Checked queries and other code can share connections: On makes a DB of a
// connection or transaction that other code began, Tx.Unwrap gives other code the
// transaction, and Query.SQL gives it a query's text. A service that wants all of
// its SQL checked refuses the three, with "sealed" in sqlcheck.json.
//
// Builders keep to a few rules, and All says which one is broken:
//
//   - placeholders are "?", also in nested builders, and become $1, $2, … at
//     the end; a question mark of SQL itself is "??";
//   - arguments are fields of the parameters, unchanged: constants belong in
//     the text, and computed values in a field of their own;
//   - Suffix("LIMIT ?", p.Limit) instead of Limit, which writes the number
//     into the text; "= ANY(?)" instead of Eq with a slice;
//   - columns are named; "*" is refused.
//
// Errors begin with the query's name and keep their cause for errors.Is and
// errors.As.
//
// The first use of a statement after a change of the schema may fail on each
// connection, since what was prepared no longer fits. Outside a transaction
// the statement is then sent once more, reads and writes alike: the server
// reports this before it begins to execute. Nothing else is sent twice,
// except by InTx when Retries asks for it.
package sqlcheck
