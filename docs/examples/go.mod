module github.com/roster-directory/roster/docs/examples

go 1.26.0

require github.com/roster-directory/roster v0.0.0

require (
	github.com/google/uuid v1.6.0 // indirect
	golang.org/x/text v0.43.0 // indirect
)

replace github.com/roster-directory/roster => ../..
