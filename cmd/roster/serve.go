package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/KimMachineGun/automemlimit/memlimit"

	"github.com/roster-directory/roster/adapters/postgres"
	"github.com/roster-directory/roster/adapters/webhook"
	"github.com/roster-directory/roster/cmd/roster/settings"
	"github.com/roster-directory/roster/cmd/roster/systemd"
)

// serveCommand serves the directory.
type serveCommand struct{ settings.Config }

// Help implements runner.
func (serveCommand) Help() string {
	return `Without a DATABASE_URL, Roster starts an embedded PostgreSQL server and keeps
its data. After SIGTERM, /readyz fails, clients are asked to close their connections,
requests under way are finished, and Roster exits. After SIGINT (Ctrl+C) it does not wait
for clients without a request. A second signal ends it at once.

Examples:

	roster serve
	roster serve --addr 127.0.0.1:8080 --log info,postgres=debug
	DATABASE_URL=postgres://user@host/roster roster serve --no-migrate`
}

// Run serves until ctx ends.
func (c *serveCommand) Run(ctx context.Context, s *session) error {
	return s.serve(ctx, c.Config, serveHooks{})
}

// serveHooks are what a command does while it starts to serve.
type serveHooks struct {
	// fill, unless nil, is called when the schema is up to date, before requests are
	// accepted.
	fill func(context.Context, *postgres.Database) error
	// ready, unless nil, is called when requests are accepted.
	ready func(url string) error
}

// serve serves until ctx ends.
func (s *session) serve(ctx context.Context, c settings.Config, hooks serveHooks) (err error) {
	// First, since this fails at once if the port is taken.
	listener, err := s.listen(ctx, &c)
	if err != nil {
		return err
	}
	defer func() { _ = listener.Close() }() // an error: the server has closed it
	certificate, err := newCertificate(c.HTTP, s.component(logHTTP))
	if err != nil {
		return &usageError{err}
	}
	// So that a response can still be sent.
	s.batchTimeout = c.HTTP.WriteTimeout * 5 / 6
	directory, err := s.openDirectory(ctx, databaseFlags{c.Database, c.Embedded}, c.HTTP.Migrate)
	if stopped(ctx, err) {
		return nil
	}
	if err != nil {
		return err
	}
	limitMemory(ctx, memlimit.FromCgroup, directory.location.server != nil, s.log)
	limits := newShutdown(ctx, s.force, c.HTTP.Shutdown)
	defer func() {
		deadline, cancel := limits.all()
		defer cancel()
		err = errors.Join(err, directory.close(deadline))
	}()
	stopMaintenance, err := s.maintain(ctx, directory.Database, c)
	if err != nil {
		return err
	}
	defer stopMaintenance()
	if hooks.fill != nil {
		if err := hooks.fill(ctx, directory.Database); err != nil {
			return err
		}
	}
	options := s.restOptions(c.HTTP, directory.Database)
	options.SignIn = c.Page.SignIn(&c.Token)
	stopTokens, err := s.acceptTokens(ctx, c.Token, directory.Database, &options)
	if err != nil {
		return &usageError{err}
	}
	defer stopTokens()
	sender := newSender(c.Webhooks)
	edge, err := newEdge(directory.Database, sender, options)
	if err != nil {
		return fmt.Errorf("making the API: %w", err)
	}
	defer s.followUp(ctx, c, &edge, sender)()
	server := newServer(c.HTTP, edge, s.component(logHTTP))
	server.http.TLSConfig = certificate.tls()
	server.alwaysDelay = s.isSet("ROSTER_DRAIN_DELAY")
	server.notify = s.notifySystemd
	url := s.announce(ctx, listener.Addr(), c.HTTP)
	if hooks.ready != nil {
		if err := hooks.ready(url); err != nil {
			return err
		}
	}
	s.notifySystemd(systemd.Ready)
	return server.serve(ctx, listener, directory.location.ended(), limits)
}

// maintain does in the background what the database needs while it is served, unless its
// schema breaks Roster. The returned function ends that, and waits for what is under way.
func (s *session) maintain(ctx context.Context, database *postgres.Database, c settings.Config) (stop func(), err error) {
	stopWatching, err := s.watchSchema(ctx, database.Verify, c.HTTP.AnySchema)
	if err != nil {
		return nil, err
	}
	log := s.component(logPostgres)
	maintenance := maintenance{tables: []monthly{
		{"events", postgres.NewPartitions(database), c.Events.Keep},
		{"the log of changes", postgres.NewLogPartitions(database), c.Changes.Keep},
	}, log: log, now: time.Now}
	stopRounds := maintenance.start(ctx)
	stopErasing := startErasing(ctx, postgres.NewErasures(database), log)
	stopFolding := startFolding(ctx, postgres.NewRollups(database), log)
	stopRetention := startRetention(ctx, database, c.Events.DeletedKeep, log)
	stopSealing := startSealing(ctx, postgres.NewSeals(database), log)
	return func() {
		stopSealing()
		stopRetention()
		stopFolding()
		stopErasing()
		stopRounds()
		stopWatching()
	}, nil
}

// followUp does in the background what requests bring about. The returned function ends
// that, and waits for what is under way.
func (s *session) followUp(ctx context.Context, c settings.Config, edge *edge, sender *webhook.Sender) (stop func()) {
	stopDelivering := s.startDelivering(ctx, edge.Stores, sender)
	if c.HTTP.Auth != "token" {
		return stopDelivering
	}
	keepUses := keepKeyUses(ctx, edge.APIKeys, s.component(logPostgres))
	return func() {
		keepUses()
		stopDelivering()
	}
}

// stopped reports whether err only says that a signal stopped the command.
func stopped(ctx context.Context, err error) bool {
	return err != nil && ctx.Err() != nil && (errors.Is(err, context.Canceled) || errors.Is(err, context.Cause(ctx)))
}

// shutdown limits the time of the shutdown.
type shutdown struct {
	force   context.Context
	limit   time.Duration
	started func() time.Time
}

// newShutdown returns limits that count from the end of ctx.
func newShutdown(ctx, force context.Context, limit time.Duration) *shutdown {
	var at time.Time
	ended := make(chan struct{})
	context.AfterFunc(ctx, func() {
		at = time.Now()
		close(ended)
	})
	return &shutdown{force: force, limit: limit, started: func() time.Time {
		if ctx.Err() == nil {
			return time.Now() // the shutdown has another cause than ctx
		}
		<-ended
		return at
	}}
}

// requests limits the time for requests under way, and leaves a fifth for closing
// the connections.
func (s *shutdown) requests() (context.Context, context.CancelFunc) {
	return context.WithDeadline(s.force, s.started().Add(s.limit*4/5))
}

// all limits the time of the whole shutdown.
func (s *shutdown) all() (context.Context, context.CancelFunc) {
	return context.WithDeadline(s.force, s.started().Add(s.limit))
}
