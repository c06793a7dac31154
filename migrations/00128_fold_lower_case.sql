-- +goose NO TRANSACTION
-- +goose Up
-- The tokens of names that were stored while the server's locale lowered letters.
CALL roster.fold_names_again();

-- +goose Down
-- Names stay as they are stored: the functions are still those of the way up.
CALL roster.fold_names_again();
