package rest

import (
	"errors"
	"time"

	"github.com/roster-directory/roster/domain"
)

// pageSize reads the parameter limit.
func pageSize(limit *int, byDefault domain.PageSize) (domain.PageSize, error) {
	if limit == nil {
		return byDefault, nil
	}
	size, err := domain.ParsePageSize(*limit)
	return size, inParameter(err)
}

// timeOrZero is the time of a parameter or a field; zero where it is absent.
func timeOrZero(at *time.Time) time.Time {
	if at == nil {
		return time.Time{}
	}
	return *at
}

// parseGiven parses a parameter, unless it is absent and so empty.
func parseGiven[V any](text string, parse func(string) (V, error)) (V, error) {
	if text == "" {
		var zero V
		return zero, nil
	}
	return parse(text)
}

// parseOptional parses a field of a body, unless it is absent and so nil.
func parseOptional[V any, T ~string](text *T, parse func(string) (V, error)) (V, error) {
	if text == nil {
		var zero V
		return zero, nil
	}
	return parse(string(*text))
}

// userID reads the id in the path of a user.
func userID(text string) (domain.UserID, error) {
	id, err := domain.ParseID[domain.User]("id", text)
	return id, inParameter(err)
}

// organizationID reads the id in the path of an organization.
func organizationID(text string) (domain.OrganizationID, error) {
	id, err := domain.ParseID[domain.Organization]("id", text)
	return id, inParameter(err)
}

// parseOrganization reads the parameter, or the field, that names an organization.
func parseOrganization(text string) (domain.OrganizationID, error) {
	return domain.ParseID[domain.Organization]("organization", text)
}

// invalidQuery marks what a use case finds invalid as a fault of a parameter.
func invalidQuery(err error) error {
	if errors.Is(err, domain.Invalid) || errors.Is(err, domain.Gone) {
		return inParameter(err)
	}
	return err
}

// countTotal counts, if the caller asks for that.
func countTotal(how domain.Counting, count func() (domain.Total, error)) (domain.Total, error) {
	if !asksForTotal(how) {
		return domain.Total{}, nil
	}
	return count()
}

// exactTotal is the total of a list that is complete, if the caller asks for it.
func exactTotal(how domain.Counting, items int) domain.Total {
	if !asksForTotal(how) {
		return domain.Total{}
	}
	return domain.Total{N: int64(items), Kind: domain.CountExact}
}

func asksForTotal(how domain.Counting) bool { return how != "" && how != domain.CountNone }
