package rest

import (
	"strconv"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

func appendMembership(b []byte, m *domain.Membership) []byte {
	b = append(b, `{"organization_id":"`...)
	b = m.Organization.AppendText(b)
	b = append(b, `","user_id":"`...)
	b = m.User.AppendText(b)
	b = appendString(append(b, `","role":`...), string(m.Role))
	b = appendTime(append(b, `,"joined_at":`...), m.JoinedAt)
	return append(b, '}')
}

func appendPlan(b []byte, p *domain.Plan) []byte {
	b = appendString(append(b, `{"code":`...), p.Code.String())
	b = appendString(append(b, `,"name":`...), p.Name.String())
	b = append(b, `,"seats":`...)
	if most, limited := p.Seats.Limit(); limited {
		return append(strconv.AppendInt(b, int64(most), 10), '}')
	}
	return append(b, `null}`...)
}

// appendEventsAdded sums up the outcomes of a batch.
func appendEventsAdded(b []byte, outcomes []ports.Outcome) []byte {
	var count [ports.UnknownUser + 1]int64
	for _, outcome := range outcomes {
		count[outcome]++
	}
	b = strconv.AppendInt(append(b, `{"accepted":`...), count[ports.Accepted], 10)
	b = strconv.AppendInt(append(b, `,"duplicates":`...), count[ports.Duplicate], 10)
	b = append(b, `,"rejected":[`...)
	from := len(b)
	for i, outcome := range outcomes {
		if outcome != ports.UnknownOrganization && outcome != ports.UnknownUser {
			continue
		}
		if len(b) > from {
			b = append(b, ',')
		}
		b = strconv.AppendInt(append(b, `{"index":`...), int64(i), 10)
		if outcome == ports.UnknownOrganization {
			b = append(b, `,"field":"organization_id","detail":"names no organization"}`...)
		} else {
			b = append(b, `,"field":"user_id","detail":"names no user"}`...)
		}
	}
	return append(b, `]}`...)
}
