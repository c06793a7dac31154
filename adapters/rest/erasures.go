package rest

import (
	"context"
	"maps"
	"slices"
	"strconv"

	"github.com/roster-directory/roster/ports"
)

// GetUserErasure answers with the state of a user's erasure.
func (h *handlers) GetUserErasure(ctx context.Context, request getUserErasureRequest) (getUserErasureResponse, error) {
	id, err := userID(request.path.ID)
	if err != nil {
		return nil, err
	}
	erasure, err := h.users.Erasure(ctx, request.caller, id)
	if err != nil {
		return nil, err
	}
	return getUserErasure200{itemOf(&erasure, appendErasure)}, nil
}

// GetOrganizationErasure answers with the state of an organization's deletion.
func (h *handlers) GetOrganizationErasure(
	ctx context.Context, request getOrganizationErasureRequest,
) (getOrganizationErasureResponse, error) {
	id, err := organizationID(request.path.ID)
	if err != nil {
		return nil, err
	}
	erasure, err := h.organizations.Erasure(ctx, request.caller, id)
	if err != nil {
		return nil, err
	}
	return getOrganizationErasure200{itemOf(&erasure, appendErasure)}, nil
}

// erasureAt leads to the state of an erasure, by a reference relative to the path of
// the request.
func erasureAt(reference string) *response {
	out := newResponse()
	out.location = reference
	return out
}

func appendErasure(b []byte, e *ports.Erasure) []byte {
	state := "running"
	if e.Finished() {
		state = "finished"
	}
	b = append(b, `{"id":"`...)
	b = e.ID.AppendText(b)
	b = appendString(append(b, `","kind":`...), e.Kind)
	b = appendString(append(b, `,"subject":`...), e.Subject)
	b = appendString(append(b, `,"state":`...), state)
	b = appendTime(append(b, `,"started_at":`...), e.StartedAt)
	if e.Finished() {
		b = appendTime(append(b, `,"finished_at":`...), e.FinishedAt)
	}
	b = strconv.AppendInt(append(b, `,"memberships":`...), e.Rows["memberships"], 10)
	b = strconv.AppendInt(append(b, `,"events":`...), e.Rows["events"], 10)
	b = append(b, `,"rows":{`...)
	for i, table := range slices.Sorted(maps.Keys(e.Rows)) {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendInt(append(appendString(b, table), ':'), e.Rows[table], 10)
	}
	b = append(b, '}')
	if seal := e.Seal(); seal != "" {
		b = appendString(append(b, `,"seal":`...), seal)
	}
	return append(b, '}')
}
