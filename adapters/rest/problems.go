package rest

import (
	"net/http"

	"github.com/roster-directory/roster/domain"
)

// problemKind is a kind of problem that clients can tell from others, however
// its detail is worded.
type problemKind int

const (
	kindSyntax problemKind = iota
	kindParameter
	kindKey
	kindDenied
	kindOrigin
	kindNotFound
	kindNoPath
	kindMethod
	kindNotAcceptable
	kindTooSlow
	kindTaken
	kindInUse
	kindImporting
	kindLastOwner
	kindSeats
	kindKeyInProgress
	kindConflict
	kindStale
	kindTooLarge
	kindTooLong
	kindMedia
	kindHost
	kindInvalid
	kindKeyReused
	kindPreconditionRequired
	kindInternal
	kindReadOnly
	kindOverloaded
	kindUnavailable
)

// problemEntry describes a kind.
type problemEntry struct {
	slug   string
	status int
	title  string
	// cause and cure are for docs/problems.md.
	cause, cure string
}

// uri names the kind and leads to its description.
func (k problemKind) uri() string {
	return "https://github.com/roster-directory/roster/blob/main/docs/problems.md#" + catalogue[k].slug
}

func (k problemKind) status() int { return catalogue[k].status }

// catalogue has every problem that Roster answers with.
var catalogue = [...]problemEntry{
	kindSyntax: {
		"unreadable", http.StatusBadRequest, "The body can't be read",
		"The body is empty, is not one JSON value in UTF-8, or holds a name twice in one object.",
		"Send one JSON object, written by a JSON library.",
	},
	kindParameter: {
		"parameter", http.StatusBadRequest, "A parameter can't be read",
		"A parameter of the path or the query is malformed, missing, repeated, out of range, or unknown.",
		"Each fault names its parameter and what to send.",
	},
	kindKey: {
		"key", http.StatusBadRequest, "The Idempotency-Key can't be read",
		"The header Idempotency-Key is given twice, is empty, has more than 255 characters, or holds others than visible ASCII.",
		"Send one key a request, such as a UUID, and the same one when the request is sent again.",
	},
	kindDenied: {
		"denied", http.StatusForbidden, "The caller may not do this",
		"The caller lacks a scope, or a role in the organization.",
		"Ask an administrator for the right that the detail names.",
	},
	kindOrigin: {
		"origin", http.StatusForbidden, "The web page may not use Roster",
		"A browser sent the request for a page whose origin is neither on this machine nor allowed.",
		"Add the page's origin to ROSTER_CORS.",
	},
	kindNotFound: {
		"not-found", http.StatusNotFound, "There is no such thing",
		"What the path names does not exist, is deleted, or is hidden from the caller.",
		"Check the id; list or search to find the right one.",
	},
	kindNoPath: {
		"no-path", http.StatusNotFound, "There is no such path",
		"The contract has no such path. A slash at the end makes another path.",
		"Compare the path with docs/openapi.yaml.",
	},
	kindMethod: {
		"method", http.StatusMethodNotAllowed, "The path does not answer this method",
		"The path exists, the method does not.",
		"Use a method that the header Allow names.",
	},
	kindNotAcceptable: {
		"not-acceptable", http.StatusNotAcceptable, "No answer is of a type that the client accepts",
		"The header Accept admits none of the media types that the operation answers with.",
		"Accept one of the types that the detail names, or leave the header out.",
	},
	kindTooSlow: {
		"too-slow", http.StatusRequestTimeout, "The body did not arrive in time",
		"The connection was too slow, or broke while the body was sent.",
		"Send the request again.",
	},
	kindTaken: {
		"taken", http.StatusConflict, "The name is taken",
		"Another user or organization bears a name that must be unique.",
		"Choose another name, or use what already bears it.",
	},
	kindInUse: {
		"in-use", http.StatusConflict, "Others still refer to it",
		"What was to be removed is in use.",
		"Move what refers to it first.",
	},
	kindImporting: {
		"importing", http.StatusConflict, "Another import is running",
		"Imports go one after the other, and one has not come to its end.",
		"Wait for it to end and send the stream again; what went in already stays as it is.",
	},
	kindLastOwner: {
		"last-owner", http.StatusConflict, "An organization would lose its last owner",
		"The user is the last active owner of an organization.",
		"Make another member an owner first.",
	},
	kindSeats: {
		"seats", http.StatusConflict, "The plan has no seats left",
		"The organization would have more members than its plan's seats.",
		"Free a seat, or choose a plan with more.",
	},
	kindKeyInProgress: {
		"key-in-progress", http.StatusConflict, "The request is being carried out already",
		"A request with the same Idempotency-Key has not been answered yet.",
		"Wait as many seconds as Retry-After says and send the same request again; it gets the first one's answer.",
	},
	kindConflict: {
		"conflict", http.StatusConflict, "The request conflicts with what is stored",
		"The request is right on its own and wrong beside what is stored.",
		"Read the present state and decide again.",
	},
	kindStale: {
		"stale", http.StatusPreconditionFailed, "The version has changed",
		"Somebody wrote after the version that the request expects was read.",
		"Read again, apply the change to what was read, and send the new version.",
	},
	kindTooLarge: {
		"too-large", http.StatusRequestEntityTooLarge, "The body is too large",
		"The body has more bytes than the operation reads.",
		"Send less, or split the request.",
	},
	kindTooLong: {
		"too-long", http.StatusRequestURITooLong, "The path and the query are too long",
		"The path and the query have more than 8,192 bytes together.",
		"Send less in the query; POST /users/lookup takes many ids, POST /users/search a long term.",
	},
	kindMedia: {
		"media-type", http.StatusUnsupportedMediaType, "The body is of a type that the operation does not read",
		"Content-Type is absent or names another type than the operation reads, JSON in UTF-8 for most, or Content-Encoding says that the body is compressed.",
		"Send the Content-Type that the detail names, and an uncompressed body.",
	},
	kindHost: {
		"host", http.StatusMisdirectedRequest, "This server does not answer for that host",
		"The request names a host that is neither this machine nor allowed: a mistake, or a web page that makes its own name lead here.",
		"Ask for localhost or 127.0.0.1, or add the host to ROSTER_HOSTS.",
	},
	kindInvalid: {
		"invalid", http.StatusUnprocessableEntity, "The request breaks a rule",
		"The body is JSON, but breaks its schema or a rule: a member is missing, unknown, of the wrong type, malformed or out of range, or names what does not exist.",
		"Each fault points at its place in the body and says what to send.",
	},
	kindKeyReused: {
		"key-reused", http.StatusUnprocessableEntity, "The Idempotency-Key belongs to another request",
		"The caller sent this Idempotency-Key within 24 hours with another body.",
		"Make a new key for each new request; keep one only to send the same request again.",
	},
	kindPreconditionRequired: {
		"precondition-required", http.StatusPreconditionRequired, "The request must say which version it changes",
		"This server takes no write without the header If-Match, so that nobody overwrites what they have not seen.",
		"Read first and send the ETag of the answer as If-Match.",
	},
	kindInternal: {
		"internal", http.StatusInternalServerError, "Roster failed",
		"A fault in Roster or beneath it.",
		"Report it with the request id, under which Roster's log has the cause.",
	},
	kindReadOnly: {
		"read-only", http.StatusServiceUnavailable, "The database does not accept writes",
		"The database is read-only or full. Reads go on.",
		"Try again later; an operator must give the database room, or promote it.",
	},
	kindOverloaded: {
		"overloaded", http.StatusServiceUnavailable, "The database is too busy",
		"The database did not answer within its time limit.",
		"Try again after as many seconds as Retry-After says.",
	},
	kindUnavailable: {
		"unavailable", http.StatusServiceUnavailable, "Roster can't answer now",
		"The database does not answer, its schema is older than the program, or the program is shutting down.",
		"Try again after as many seconds as Retry-After says.",
	},
}

// kindOf is the only table from a domain error to an answer. A reason that is
// not in it is answered as its kind is.
func kindOf(kind domain.Kind, reason domain.Reason) problemKind {
	switch kind {
	case domain.Invalid:
		if reason == domain.ReasonReused {
			return kindKeyReused
		}
		return kindInvalid
	case domain.NotFound:
		return kindNotFound
	case domain.Stale:
		return kindStale
	case domain.Denied:
		return kindDenied
	case domain.Conflict:
		switch reason {
		case domain.ReasonTaken:
			return kindTaken
		case domain.ReasonInUse:
			return kindInUse
		case domain.ReasonLastOwner:
			return kindLastOwner
		case domain.ReasonSeats:
			return kindSeats
		case domain.ReasonInProgress:
			return kindKeyInProgress
		}
		return kindConflict
	case domain.Unavailable:
		switch reason {
		case domain.ReasonReadOnly:
			return kindReadOnly
		case domain.ReasonOverloaded:
			return kindOverloaded
		}
		return kindUnavailable
	}
	return kindInternal
}
