package main

import (
	"context"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/roster-directory/roster/adapters/cloudevents"
	"github.com/roster-directory/roster/adapters/postgres"
	"github.com/roster-directory/roster/app"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// changelogConfig are the flags of the commands for the log of changes.
type changelogConfig struct{ databaseFlags }

// Help implements helper.
func (*changelogConfig) Help() string {
	return `The log has an entry for each change of users, organizations, memberships, plans,
keys and webhooks, by any program. An entry names fields and holds none of their values.

Examples:

	roster log list --kind user.deleted --from 2026-01-01T00:00:00Z
	roster log follow
	roster log follow --after beginning --no-wait --json
	roster log verify --head 120:5f0c…`
}

type (
	changelogFollow struct {
		*changelogConfig
		After  string `default:"now" help:"Where to begin: beginning, now, or a position that --json printed."`
		NoWait bool   `help:"End at the newest entry instead of waiting for more."`
		JSON   bool   `name:"json" help:"Print a CloudEvents object a line, with its position."`
	}
	changelogVerify struct {
		*changelogConfig
		Head string `placeholder:"SEAL" help:"A seal that the server's log has named, NUMBER:HASH. It must be in the chain."`
	}
)

// Run prints entries in order until it is interrupted.
func (c *changelogFollow) Run(ctx context.Context, s *session) error {
	after, atEnd, err := parseAfter(c.After)
	if err != nil {
		return &usageError{err}
	}
	return s.withDirectory(ctx, c.databaseFlags, false, func(database *postgres.Database) error {
		feed := app.NewLogFeed(postgres.NewLogEntries(database))
		defer feed.Close()
		if atEnd {
			end, err := feed.End(ctx, local)
			if err != nil {
				return err
			}
			after = &end
		}
		return c.follow(ctx, s, feed, after)
	})
}

func (c *changelogFollow) follow(ctx context.Context, s *session, feed *app.LogFeed, after *ports.LogPosition) error {
	in := app.FollowLog{After: after, Limit: domain.MaxReportSize}
	if !c.NoWait {
		in.Wait = app.MaxLogWait
	}
	for {
		page, err := feed.Follow(ctx, local, in)
		if stopped(ctx, err) {
			return nil
		}
		if err != nil {
			return err
		}
		for i := range page.Entries {
			if err := c.print(s, &page.Entries[i]); err != nil {
				return err
			}
		}
		if c.NoWait && len(page.Entries) == 0 {
			return nil
		}
		in.After = &page.Next
	}
}

func (c *changelogFollow) print(s *session, e *ports.FollowedEntry) error {
	if c.JSON {
		event := cloudevents.Append(nil, &e.Entry)
		return printf(s.stdout, "{\"position\":%q,%s\n", positionText(e.At), event[1:])
	}
	of := []string{e.Entry.At.Format(time.RFC3339Nano), string(e.Entry.Kind), e.Entry.Subject}
	if len(e.Entry.Fields) > 0 {
		of = append(of, strings.Join(e.Entry.Fields, ","))
	}
	return printf(s.stdout, "%s by %s\n", strings.Join(of, " "), e.Entry.Actor)
}

// positionText writes a position as one word. It holds nothing of the directory.
func positionText(p ports.LogPosition) string {
	b := slices.Clone(p.Timeline[:])
	b = binary.BigEndian.AppendUint64(b, p.Change)
	b = binary.BigEndian.AppendUint64(b, uint64(p.Number)) //nolint:gosec // its bits
	return base64.RawURLEncoding.EncodeToString(binary.BigEndian.AppendUint64(b, p.Seen))
}

// parseAfter reads where to begin: nil is the beginning.
func parseAfter(text string) (after *ports.LogPosition, atEnd bool, err error) {
	switch text {
	case "beginning":
		return nil, false, nil
	case "now":
		return nil, true, nil
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(text)
	const size = 16 + 3*8
	if err != nil || len(b) != size {
		return nil, false, fmt.Errorf("--after: %q is no position: send beginning, now, or a position that --json printed", text)
	}
	number := func(at int) uint64 { return min(binary.BigEndian.Uint64(b[at:]), math.MaxInt64) }
	return &ports.LogPosition{
		Timeline: [16]byte(b), Change: number(16), Number: int64(number(24)), Seen: number(32), //nolint:gosec // bounded
	}, false, nil
}

// Run verifies the seals of the log.
func (c *changelogVerify) Run(ctx context.Context, s *session) error {
	c.Database.SlowQuery, c.Database.StatementTimeout, c.Database.LockTimeout = 0, 0, 0
	return s.withDirectory(ctx, c.databaseFlags, false, func(database *postgres.Database) error {
		faults := int64(0)
		result, err := postgres.NewSeals(database).Verify(ctx, c.Head, func(fault string) error {
			faults++
			return printf(s.stdout, "%s\n", fault)
		})
		if err != nil {
			return err
		}
		if faults > 0 {
			return fmt.Errorf("the log is not as it was sealed: %s", counted(faults, "difference"))
		}
		if result.Seals == 0 {
			return printf(s.stdout, "nothing is sealed yet; %s without a seal\n", counted(result.Unsealed, "entry"))
		}
		return printf(s.stdout, "the log is as it was sealed: %d entries under %d seals, %d dropped, %d not sealed yet\nthe head is %s\n",
			result.Entries, result.Seals, result.Dropped, result.Unsealed, result.Head)
	})
}
