package rest

import (
	"errors"

	"github.com/roster-directory/roster/app"
	"github.com/roster-directory/roster/domain"
)

// userBody is what the bodies of requests that write a user have in common. An
// absent field is nil.
type userBody struct {
	username    *Username
	email       *Email
	externalID  *ExternalID
	displayName *DisplayName
	attributes  *Attributes
	status      *Status
}

// userFields are the parsed fields of a user. An absent field is zero, absent
// attributes are nil. A is domain.Attributes, or a patch of them.
type userFields[A any] struct {
	username    domain.Username
	email       domain.Email
	externalID  domain.ExternalID
	displayName domain.DisplayName
	attributes  *A
	status      domain.Status
}

// parseUser parses the fields of a user. The error lists the fault of each.
func parseUser[A any](body userBody, parseAttributes func([]byte) (A, error)) (userFields[A], error) {
	username, err1 := parseOptional(body.username, domain.ParseUsername)
	email, err2 := parseOptional(body.email, domain.ParseEmail)
	externalID, err3 := parseOptional(body.externalID, domain.ParseExternalID)
	displayName, err4 := parseOptional(body.displayName, domain.ParseDisplayName)
	fields := userFields[A]{username: username, email: email, externalID: externalID, displayName: displayName}
	var err5, err6 error
	if body.attributes != nil {
		fields.attributes = new(A)
		*fields.attributes, err5 = parseAttributes(*body.attributes)
	}
	fields.status, err6 = parseOptional(body.status, domain.ParseStatus)
	return fields, errors.Join(err1, err2, err3, err4, err5, err6)
}

// newUser parses the body of a request to add a user.
func newUser(body *NewUser) (app.CreateUser, error) {
	f, err := parseUser(userBody{
		&body.Username, &body.Email, body.ExternalID, body.DisplayName, body.Attributes, body.Status,
	}, domain.ParseAttributes)
	return app.CreateUser{
		Username: f.username, Email: f.email, ExternalID: f.externalID,
		DisplayName: f.displayName, Attributes: f.attributes, Status: f.status,
	}, err
}

// userReplacement parses the body of a request to replace a user.
func userReplacement(id domain.UserID, body *UserReplacement) (app.ReplaceUser, error) {
	f, err := parseUser(userBody{
		&body.Username, &body.Email, body.ExternalID, body.DisplayName, body.Attributes, body.Status,
	}, domain.ParseAttributes)
	return app.ReplaceUser{
		ID: id, Username: f.username, Email: f.email, ExternalID: f.externalID,
		DisplayName: f.displayName, Attributes: f.attributes, Status: f.status,
	}, err
}

// userPatch parses the body of a request to patch a user.
func userPatch(id domain.UserID, body *UserPatch) (app.PatchUser, error) {
	f, err := parseUser(userBody{
		body.Username, body.Email, body.ExternalID.value, body.DisplayName, body.Attributes.value, body.Status,
	}, domain.ParseAttributesPatch)
	return app.PatchUser{
		ID: id, Username: f.username, Email: f.email, ExternalID: f.externalID, NoExternalID: body.ExternalID.null,
		DisplayName: f.displayName, Attributes: f.attributes, NoAttributes: body.Attributes.null, Status: f.status,
	}, err
}
