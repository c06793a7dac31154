package oidc

import (
	"context"

	"github.com/roster-directory/roster/domain"
)

// Step is a condition of a token, and whether it is met.
type Step struct {
	Name string `json:"step"`
	// Found is what the token has.
	Found string `json:"found,omitzero"`
	// Refused says why the token is refused, and Fix what to do; empty where the
	// step is passed.
	Refused string `json:"refused,omitzero"`
	Fix     string `json:"fix,omitzero"`
}

// Explain checks a token as Authenticate does, and returns its steps up to the first
// that refuses it. It does not return the token. If none refuses it, caller is who it
// admits.
func (v *Verifier) Explain(ctx context.Context, token string) (taken []Step, caller *domain.Principal) {
	c := &check{verifier: v, token: token}
	for _, each := range steps {
		one := Step{Name: each.name}
		c.note = func(text string) { one.Found = text }
		refused := each.run(c, ctx)
		if refused == nil && c.result.account != nil {
			refused = c.explainUser(ctx)
		}
		if refused != nil {
			one.Refused, one.Fix = refused.detail, refused.fix
			return append(taken, one), nil
		}
		taken = append(taken, one)
	}
	return taken, &c.result.caller
}

func (c *check) explainUser(ctx context.Context) *refusal {
	account, err := c.result.account(ctx)
	if err == nil {
		c.found("%s, %s", account.ID, account.Status)
		err = account.Usable()
	}
	return refusedUser(err)
}

// Fetch fetches the keys of all issuers once. The error says which could not be
// fetched, and why.
func (v *Verifier) Fetch(ctx context.Context) []error {
	var failed []error
	for _, name := range v.config.Issuers {
		i := v.issuers[name]
		i.load(ctx)
		if err := i.fetch(ctx); err != nil {
			failed = append(failed, err)
		}
	}
	return failed
}
