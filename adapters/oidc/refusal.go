package oidc

import "github.com/roster-directory/roster/domain"

// refusal is why a token is refused. Its texts show nothing of the token.
type refusal struct {
	detail string // continues "the access token"
	fix    string
	// unavailable is whether the same token may be accepted later.
	unavailable bool
}

func refuse(detail, fix string) *refusal { return &refusal{detail: detail, fix: fix} }

// err is the error for the caller.
func (r *refusal) err() error {
	if r.unavailable {
		return &domain.Error{Kind: domain.Unavailable, Reason: domain.ReasonUnreachable, Detail: r.detail, Fix: r.fix}
	}
	return &domain.Error{
		Kind: domain.Unauthenticated, Reason: domain.ReasonCredentials, Detail: "the access token " + r.detail, Fix: r.fix,
	}
}
