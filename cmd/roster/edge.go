package main

import (
	"context"
	"net/http"
	"time"

	"github.com/roster-directory/roster/adapters/postgres"
	"github.com/roster-directory/roster/adapters/rest"
	"github.com/roster-directory/roster/adapters/rest/rates"
	"github.com/roster-directory/roster/adapters/webhook"
	"github.com/roster-directory/roster/app"
	"github.com/roster-directory/roster/cmd/roster/settings"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

//go:generate go tool wire

// edge is all of Roster above the database. wire.go lists its parts.
type edge struct {
	API     *rest.API
	Handler http.Handler
	APIKeys *app.APIKeys
	Stores  ports.Stores
}

// stores is the provider of the stores: Wire takes functions only.
func stores(database *postgres.Database, sender *webhook.Sender) ports.Stores {
	all := database.Stores()
	all.WebhookSender = sender
	return all
}

func newSender(config settings.Webhooks) *webhook.Sender {
	return webhook.NewSender(webhook.Options{Private: config.Private, UserAgent: "roster/" + readOwnBuild().version})
}

func (s *session) restOptions(config settings.HTTP, database *postgres.Database) rest.Options {
	return rest.Options{
		Authenticate:   authentication(config),
		Ready:          database.Ready,
		CursorKey:      cursorKey(config, database),
		RequireIfMatch: config.RequireIfMatch,
		AllowedHosts:   config.Hosts, AllowedOrigins: config.CORS,
		StreamTimeout: config.StreamTimeout, Memory: config.BodyBytes, Rates: limiter(config),
		Logger: s.component(logHTTP), AccessLog: config.AccessLog, SlowRequest: config.SlowRequest,
	}
}

// limiter is nil where rates have no limit.
func limiter(config settings.HTTP) *rates.Limiter {
	if config.Rate == 0 {
		return nil
	}
	return rates.New(config.Rate, config.Burst(), time.Now)
}

// cursorKey returns the secret that is set, or else the one that the database
// keeps for all replicas.
func cursorKey(config settings.HTTP, database *postgres.Database) func(context.Context) ([]byte, error) {
	if config.Secret != "" {
		return func(context.Context) ([]byte, error) { return []byte(config.Secret), nil }
	}
	return func(ctx context.Context) ([]byte, error) { return database.Secret(ctx, "cursors") }
}

// authentication is nil for API keys, which package rest knows.
func authentication(config settings.HTTP) func(*http.Request) (domain.Principal, error) {
	if config.Auth == "none" {
		return authenticateAs(local)
	}
	return nil
}

// authenticateAs authenticates each request as the same caller.
func authenticateAs(caller domain.Principal) func(*http.Request) (domain.Principal, error) {
	return func(*http.Request) (domain.Principal, error) { return caller, nil }
}
