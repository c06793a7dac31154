package rest

import (
	"context"
	"errors"

	"github.com/roster-directory/roster/app"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// GetCaller answers with the caller.
func (h *handlers) GetCaller(_ context.Context, request getCallerRequest) (getCallerResponse, error) {
	return getCaller200{itemOf(&request.caller, appendCaller)}, nil
}

// ListKeys answers with a page of API keys.
func (h *handlers) ListKeys(ctx context.Context, request listKeysRequest) (listKeysResponse, error) {
	params, faults := request.read()
	limit, badLimit := pageSize(params.Limit, domain.DefaultListSize)
	organization, badID := parseGiven(params.Organization, parseOrganization)
	if err := errors.Join(faults, badLimit, inParameter(badID)); err != nil {
		return nil, err
	}
	query := newFingerprint(request.caller, "listKeys", organization.String())
	after, err := h.cursors.open(ctx, query, params.Cursor)
	if err != nil {
		return nil, err
	}
	in := ports.ListAPIKeys{Organization: organization, Limit: limit}
	if after != nil {
		in.After = &domain.APIKeyPosition{At: after.at, ID: after.id}
	}
	page, err := h.apiKeys.List(ctx, request.caller, in)
	if err != nil {
		return nil, err
	}
	out := listOf(page.Items, appendKey)
	end := endOf(page, func(last *domain.APIKey) *position { return &position{at: last.CreatedAt, id: last.ID} })
	out.link, err = h.cursors.link(ctx, firstPage("keys", request.query), query, end)
	return listKeys200{out}, err
}

// CreateKey makes an API key.
func (h *handlers) CreateKey(ctx context.Context, request createKeyRequest) (createKeyResponse, error) {
	body, faults := request.read()
	in := app.CreateAPIKey{ExpiresAt: timeOrZero(body.ExpiresAt)}
	words := make([]string, len(body.Scopes))
	for i, word := range body.Scopes {
		words[i] = string(word)
	}
	var errs [4]error
	in.Name, errs[0] = domain.ParseAPIKeyName(body.Name)
	in.Scopes, errs[1] = domain.ParseScopes(words)
	in.Organization, errs[2] = parseOptional(body.Organization, parseOrganization)
	in.Role, errs[3] = parseOptional(body.Role, domain.ParseRole)
	if err := errors.Join(faults, errors.Join(errs[:]...)); err != nil {
		return nil, err
	}
	key, token, err := h.apiKeys.Create(ctx, request.caller, in)
	if err != nil {
		return nil, err
	}
	return createKey201{keyWithToken(&key, token, "keys/")}, nil
}

// GetKey answers with one API key.
func (h *handlers) GetKey(ctx context.Context, request getKeyRequest) (getKeyResponse, error) {
	id, err := keyID(request.path.ID)
	if err != nil {
		return nil, err
	}
	key, err := h.apiKeys.Get(ctx, request.caller, id)
	if err != nil {
		return nil, err
	}
	return getKey200{itemOf(&key, appendKey)}, nil
}

// RotateKey replaces an API key by a new one.
func (h *handlers) RotateKey(ctx context.Context, request rotateKeyRequest) (rotateKeyResponse, error) {
	body, faults := request.read()
	id, badID := keyID(request.path.ID)
	if err := errors.Join(badID, faults); err != nil {
		return nil, err
	}
	in := app.RotateAPIKey{ID: id, ExpiresAt: timeOrZero(body.ExpiresAt)}
	if body.Overlap != nil {
		in.Overlap = secondsOf(*body.Overlap)
	}
	key, token, err := h.apiKeys.Rotate(ctx, request.caller, in)
	if err != nil {
		return nil, err
	}
	return rotateKey201{keyWithToken(&key, token, "../")}, nil
}

// RevokeKey ends an API key.
func (h *handlers) RevokeKey(ctx context.Context, request revokeKeyRequest) (revokeKeyResponse, error) {
	id, err := keyID(request.path.ID)
	if err != nil {
		return nil, err
	}
	return revokeKey204{}, h.apiKeys.Revoke(ctx, request.caller, id)
}

func keyID(text string) (domain.APIKeyID, error) {
	id, err := domain.ParseID[domain.APIKey]("id", text)
	return id, inParameter(err)
}
