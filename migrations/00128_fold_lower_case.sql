-- +goose NO TRANSACTION
-- +goose Up
-- The tokens of names that were stored while the server's locale lowered letters.
CALL roster.fold_names_again();

-- +goose Down
SELECT 1;
