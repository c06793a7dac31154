package rest

import (
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// UserJSON returns a user as the API shows it.
func UserJSON(u *domain.User) []byte { return appendUser(nil, u, allFields) }

// FoundUserJSON returns a user that a search found as the API shows it.
func FoundUserJSON(f *ports.FoundUser) []byte { return append(appendFound(nil, f, allFields), '}') }

// OrganizationJSON returns an organization as the API shows it.
func OrganizationJSON(o *domain.Organization) []byte { return appendOrganization(nil, o) }

// MembershipJSON returns a membership as the API shows it.
func MembershipJSON(m *domain.Membership) []byte { return appendMembership(nil, m) }

// LogEntryJSON returns an entry of the log as the API shows it.
func LogEntryJSON(e *domain.LogEntry) []byte { return appendLogEntry(nil, e) }
