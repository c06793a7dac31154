package ports

import "context"

// Origin is who makes a change, for the log.
type Origin struct {
	// Actor is the subject of the principal; empty where none is known.
	Actor string
	// Request is the id of the request; empty where there is none.
	Request string
}

type originKey struct{}

// WithOrigin returns a context for calls of stores that make changes on behalf of an origin.
func WithOrigin(ctx context.Context, origin Origin) context.Context {
	return context.WithValue(ctx, originKey{}, origin)
}

// OriginOf returns the origin of a context, or the zero Origin.
func OriginOf(ctx context.Context) Origin {
	origin, _ := ctx.Value(originKey{}).(Origin)
	return origin
}
