// Package porttest checks an implementation of package ports against the
// contracts written there, one suite a port. A new storage proves itself with:
//
//	func TestUsers(t *testing.T) {
//		porttest.Users(t, func(t *testing.T) porttest.Directory {
//			store := memory.New()
//			return porttest.Directory{Users: store}
//		})
//	}
//
// Each case opens a Directory of its own, which must be empty. What a case
// needs from a port that the Directory does not have is left out: the rule of
// the last owner, for instance, where there are users and no organizations.
package porttest
