package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/roster-directory/roster/adapters/postgres"
	"github.com/roster-directory/roster/app"
	"github.com/roster-directory/roster/cmd/roster/settings"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// erasedConfig are the flags of the commands for erasures.
type erasedConfig struct{ databaseFlags }

// Help implements documented.
func (*erasedConfig) Help() string {
	return `The commands need the rights of the owner of the schema.

Examples:

	roster erased verify 01890a5d-ac96-774b-bcce-b302099a8057 --value ada@example.com
	roster erased verify 01890a5d-ac96-774b-bcce-b302099a8057 --stdin < values.txt`
}

// erasedVerify searches for what an erasure should have removed.
type erasedVerify struct {
	*erasedConfig
	ID    string   `arg:"" help:"Id of the erased user or organization."`
	Value []string `placeholder:"TEXT" help:"Also search for this value, such as an address. Repeat it, or separate several by commas."`
	Stdin bool     `help:"Also search for each line of standard input: values stay out of the list of processes."`
}

// Help implements runner.
func (*erasedVerify) Help() string {
	return `Prints the erasure with its seal, and searches every column of every table for the
id and the values; case is ignored. Each line names a table, a column, the number of rows
and the place of the value: 0 is the id, 1 the first value. Values are not printed. What
is left by design is printed with the reason. Every table is read whole, in a transaction
that changes nothing.

The exit code is 0 if nothing else is left, and 1 if something is, if the erasure is not
finished, or if there is none.

Examples:

	roster erased verify 01890a5d-ac96-774b-bcce-b302099a8057 --value ada,ada@example.com`
}

// Run prints where anything is left.
func (c *erasedVerify) Run(ctx context.Context, s *session) error {
	id, err := domain.ParseID[domain.User]("id", c.ID)
	if err != nil {
		return &usageError{err}
	}
	values, err := c.values(s)
	if err != nil {
		return err
	}
	c.Database.SlowQuery = 0 // every statement of the search is slow
	return s.withDirectory(ctx, c.databaseFlags, false, func(database *postgres.Database) error {
		erasure, err := lastErasure(ctx, newServices(database, newSender(settings.Webhooks{})), id)
		if err != nil {
			return forPeople(err)
		}
		if err := printErasure(s, &erasure); err != nil {
			return err
		}
		wrong := 0
		err = postgres.NewLeftovers(database).Find(ctx, id.String(), values, func(left postgres.Leftover) error {
			if left.Reason == "" {
				wrong++
			}
			return printLeftover(s, left)
		})
		switch {
		case err != nil:
			return err
		case !erasure.Finished():
			return fmt.Errorf("the erasure of %s is not finished: wait until it is, and verify again", id)
		case wrong > 0:
			return fmt.Errorf("what was erased is left in %s", counted(int64(wrong), "column"))
		}
		return printf(s.stdout, "nothing else is left\n")
	})
}

// values are those of the flags and of standard input.
func (c *erasedVerify) values(s *session) ([]string, error) {
	values := c.Value
	if c.Stdin {
		lines := bufio.NewScanner(s.stdin)
		for lines.Scan() {
			if line := strings.TrimSpace(lines.Text()); line != "" {
				values = append(values, line)
			}
		}
		if err := lines.Err(); err != nil {
			return nil, fmt.Errorf("reading values from standard input: %w", err)
		}
	}
	for _, value := range values {
		if len([]rune(strings.TrimSpace(value))) < 3 {
			return nil, &usageError{fmt.Errorf("--value %q is too short to tell anything: use 3 characters or more", value)}
		}
	}
	return values, nil
}

// lastErasure returns the erasure of a user or organization. It is an error if the user or
// organization exists.
func lastErasure(ctx context.Context, services app.Services, id domain.UserID) (ports.Erasure, error) {
	if _, err := services.Users.GetAny(ctx, local, id); !errors.Is(err, domain.NotFound) {
		return ports.Erasure{}, errors.Join(err, fmt.Errorf("the user %s is not erased", id))
	}
	if _, err := services.Organizations.Get(ctx, local, domain.OrganizationID(id)); !errors.Is(err, domain.NotFound) {
		return ports.Erasure{}, errors.Join(err, fmt.Errorf("the organization %s is not deleted", id))
	}
	erasure, err := services.Users.Erasure(ctx, local, id)
	if errors.Is(err, domain.NotFound) {
		return services.Organizations.Erasure(ctx, local, domain.OrganizationID(id))
	}
	return erasure, err
}

func printErasure(s *session, e *ports.Erasure) error {
	rows := fmt.Sprint(e.Rows)
	return printFields(s.stdout, [][2]string{
		{e.Kind, e.Subject},
		{"erasure", e.ID.String()},
		{"started", shownTime(e.StartedAt)},
		{"finished", shownTime(e.FinishedAt)},
		{"rows", rows[len("map[") : len(rows)-1]},
		{"seal", e.Seal()},
	})
}

func printLeftover(s *session, left postgres.Leftover) error {
	state, reason := "LEFT", ""
	if left.Reason != "" {
		state, reason = "by design", ": "+left.Reason
	}
	if left.Rows == 0 {
		return printf(s.stdout, "%s: the statistics of %s.%s have value %d%s\n", state, left.Table, left.Column, left.Value, reason)
	}
	return printf(s.stdout, "%s: %s.%s has value %d in %s%s\n",
		state, left.Table, left.Column, left.Value, counted(left.Rows, "row"), reason)
}
