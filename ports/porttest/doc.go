// Package porttest checks an implementation of package ports against the contracts
// there, with one suite for each port. A new storage runs it so:
//
//	func TestUsers(t *testing.T) {
//		porttest.Users(t, func(t *testing.T) ports.Stores {
//			store := memory.New()
//			return ports.Stores{Users: store}
//		})
//	}
//
// Each case opens a ports.Stores of its own, which must be empty. A suite skips cases
// that need a port which the ports.Stores does not have, such as the rule of the last
// owner for a store without organizations.
package porttest
