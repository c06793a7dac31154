package ports

import "sync"

// Memo holds what callers derive from a result that a store gave to several of
// them, such as its encoding, so that one of them derives it for all. It stands
// in a port because only the store knows who shares a result. The store does not
// look inside: the value is opaque. A Memo is safe for concurrent use.
type Memo struct {
	once  sync.Once
	value any
}

// Do returns the value of the first derive that is called; nobody may change it.
// Every caller must derive an equal value.
func (m *Memo) Do(derive func() any) any {
	m.once.Do(func() { m.value = derive() })
	return m.value
}
