package memory_test

import (
	"testing"

	"github.com/roster-directory/roster/docs/examples/memory"
	"github.com/roster-directory/roster/ports"
	"github.com/roster-directory/roster/ports/porttest"
)

func TestTheStoreKeepsTheContractOfUsers(t *testing.T) {
	porttest.Users(t, func(*testing.T) ports.Stores {
		return ports.Stores{Users: &memory.Users{}}
	})
}
