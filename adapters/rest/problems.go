package rest

import "net/http"

// problemKind is a kind of problem. Clients recognise it by its type, not by its
// detail.
type problemKind int

const (
	kindSyntax problemKind = iota
	kindParameter
	kindKey
	kindUnauthenticated
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
	kindLost
	kindExpired
	kindStale
	kindTooLarge
	kindTooLong
	kindMedia
	kindHost
	kindInvalid
	kindKeyReused
	kindPreconditionRequired
	kindRate
	kindInternal
	kindReadOnly
	kindRestored
	kindOverloaded
	kindBusy
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

// uri identifies the kind, and leads to its description.
func (k problemKind) uri() string {
	return "https://github.com/roster-directory/roster/blob/main/docs/problems.md#" + catalogue[k].slug
}

func (k problemKind) status() int { return catalogue[k].status }

// catalogue holds every kind of problem.
var catalogue = [...]problemEntry{
	kindSyntax: {
		"unreadable", http.StatusBadRequest, "The body can't be read",
		"The body is empty, is not one JSON value in UTF-8, or repeats a name in one object.",
		"Send one JSON object, written by a JSON library.",
	},
	kindParameter: {
		"parameter", http.StatusBadRequest, "A parameter can't be read",
		"A parameter of the path or the query is malformed, missing, repeated, out of range, or unknown.",
		"Each fault names its parameter and what to send.",
	},
	kindKey: {
		"key", http.StatusBadRequest, "The Idempotency-Key can't be read",
		"The header Idempotency-Key is repeated, empty, longer than 255 characters, or has characters that are not visible ASCII.",
		"Send one key for each request, such as a UUID, and the same key when the request is sent again.",
	},
	kindUnauthenticated: {
		"unauthenticated", http.StatusUnauthorized, "The caller is not known",
		"The header Authorization is absent, or its token is malformed, unknown, revoked or expired.",
		"Send Authorization: Bearer and an API key, or an access token of a provider that the server trusts; see docs/access.md.",
	},
	kindDenied: {
		"denied", http.StatusForbidden, "The caller may not do this",
		"The caller lacks a scope, or a role in the organization.",
		"Ask an administrator for the right that the detail names.",
	},
	kindOrigin: {
		"origin", http.StatusForbidden, "The web page may not use Roster",
		"A browser sent the request for a page, whose origin is neither on this machine nor allowed.",
		"Add the page's origin to ROSTER_CORS.",
	},
	kindNotFound: {
		"not-found", http.StatusNotFound, "The resource does not exist",
		"The resource of the path does not exist, is deleted, or is hidden from the caller.",
		"Check the id; list or search to find the right one.",
	},
	kindNoPath: {
		"no-path", http.StatusNotFound, "There is no such path",
		"The contract has no such path. A slash at the end makes a different path.",
		"Compare the path with docs/openapi.yaml.",
	},
	kindMethod: {
		"method", http.StatusMethodNotAllowed, "The path does not have this method",
		"The path exists, but not with this method.",
		"Use a method that the header Allow names.",
	},
	kindNotAcceptable: {
		"not-acceptable", http.StatusNotAcceptable, "No response has a type that the client accepts",
		"The header Accept allows none of the media types that the operation sends.",
		"Accept one of the types that the detail names, or leave the header out.",
	},
	kindTooSlow: {
		"too-slow", http.StatusRequestTimeout, "The body did not arrive in time",
		"The connection was too slow, or broke while the client sent the body.",
		"Send the request again.",
	},
	kindTaken: {
		"taken", http.StatusConflict, "The name is taken",
		"Another user or organization has a name that must be unique.",
		"Choose another name, or use the existing user or organization.",
	},
	kindInUse: {
		"in-use", http.StatusConflict, "The resource is in use",
		"Others still refer to the resource that was to be removed.",
		"Change those that refer to it first.",
	},
	kindImporting: {
		"importing", http.StatusConflict, "Another import is running",
		"Imports run one after the other, and another is still running, or was killed a moment ago.",
		"Wait for its end, or for the time that the detail names, and send the stream again; stored lines stay as they are.",
	},
	kindLastOwner: {
		"last-owner", http.StatusConflict, "An organization would lose its last owner",
		"The user is the last active owner of an organization.",
		"Make another member an owner first.",
	},
	kindSeats: {
		"seats", http.StatusConflict, "The plan has no seats left",
		"The organization would have more members than its plan has seats.",
		"Free a seat, or choose a plan with more.",
	},
	kindKeyInProgress: {
		"key-in-progress", http.StatusConflict, "The request is running already",
		"Another request with the same Idempotency-Key is still running.",
		"Wait as many seconds as Retry-After says and send the same request again; it gets the first response.",
	},
	kindConflict: {
		"conflict", http.StatusConflict, "The request conflicts with stored data",
		"The request is valid, but conflicts with the stored data.",
		"Read the current state and decide again.",
	},
	kindLost: {
		"lost", http.StatusGone, "The cursor is of changes that were lost",
		"The directory was restored to an earlier moment, or moved to a server that lacked the newest changes. " +
			"The reader has received changes that no longer exist.",
		"Read all users again from the beginning: without the cursor, and with changed_since=0001-01-01T00:00:00Z. Drop what is not listed.",
	},
	kindExpired: {
		"expired", http.StatusGone, "The cursor is before what is kept",
		"Entries of the log after the cursor were dropped at the end of their retention (ROSTER_LOG_KEEP).",
		"Read what you keep again, and follow the log from now on: without the cursor, and with start=now.",
	},
	kindStale: {
		"stale", http.StatusPreconditionFailed, "The version has changed",
		"Another write came after the version that the request expects.",
		"Read again, apply the change to the new version, and send it.",
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
		"Content-Type is absent or names a type that the operation does not read (most read JSON in UTF-8), " +
			"or Content-Encoding says that the body is compressed.",
		"Send the Content-Type that the detail names, and an uncompressed body.",
	},
	kindHost: {
		"host", http.StatusMisdirectedRequest, "This server does not answer for that host",
		"The request names a host that is neither this machine nor allowed: a mistake, or a web page whose own name resolves to this machine.",
		"Use localhost or 127.0.0.1, or add the host to ROSTER_HOSTS.",
	},
	kindInvalid: {
		"invalid", http.StatusUnprocessableEntity, "The request breaks a rule",
		"The body is JSON, but violates its schema or a rule: a field is missing, unknown, of the wrong type, malformed or out of range, " +
			"or refers to something that does not exist.",
		"Each fault points to its place in the body and says what to send.",
	},
	kindKeyReused: {
		"key-reused", http.StatusUnprocessableEntity, "The Idempotency-Key belongs to another request",
		"The caller sent this Idempotency-Key with another request within 24 hours.",
		"Make a new key for each new request; repeat a key only with the same request.",
	},
	kindPreconditionRequired: {
		"precondition-required", http.StatusPreconditionRequired, "The request must say which version it changes",
		"This server accepts no write without the header If-Match, so that no caller overwrites a change that it has not seen.",
		"Read first, and send the ETag of the response as If-Match.",
	},
	kindRate: {
		"rate", http.StatusTooManyRequests, "The allowance is not enough",
		"The server limits what a caller may ask in a time. The request costs more than the caller has left; " +
			"a search or an import costs more than a read.",
		"Send the same request again after as many seconds as Retry-After says; see docs/access.md.",
	},
	kindInternal: {
		"internal", http.StatusInternalServerError, "Roster failed",
		"A fault in Roster, or in the system beneath it.",
		"Report it with the request id; Roster's log has the cause under that id.",
	},
	kindReadOnly: {
		"read-only", http.StatusServiceUnavailable, "The database does not accept writes",
		"The database is read-only or full. Reads still work.",
		"Try again later; an operator must free space in the database, or promote it.",
	},
	kindRestored: {
		"restored", http.StatusServiceUnavailable, "The changes are of another server",
		"The database was restored from the dump of another server, whose numbers of changes mean nothing on this one. Everything else works.",
		"An operator runs roster migrate up, or starts Roster again; then read the changes without a cursor.",
	},
	kindOverloaded: {
		"overloaded", http.StatusServiceUnavailable, "The database is too busy",
		"The database did not answer within its time limit.",
		"Try again after as many seconds as Retry-After says.",
	},
	kindBusy: {
		"busy", http.StatusServiceUnavailable, "Too many large requests are in progress",
		"The bodies and responses in progress have as many bytes as ROSTER_BODY_BYTES allows.",
		"Send the same request again after as many seconds as Retry-After says, and fewer large ones at a time.",
	},
	kindUnavailable: {
		"unavailable", http.StatusServiceUnavailable, "Roster can't answer now",
		"The database does not answer, its schema is older than the program, or the program is shutting down.",
		"Try again after as many seconds as Retry-After says.",
	},
}
