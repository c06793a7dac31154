package ports

import "sync"

// Shared is where callers who were given the same result at the same time keep
// what they make of it, so that it is made once. It is safe for concurrent use.
type Shared struct {
	once sync.Once
	text []byte
}

// Text returns what the first make that is called returns, which nobody may
// change. All makes must make the same.
func (s *Shared) Text(make func() []byte) []byte {
	s.once.Do(func() { s.text = make() })
	return s.text
}
