package stdedge_test

import (
	"testing"

	"go.uber.org/goleak"

	"github.com/roster-directory/roster/adapters/rest/resttest"
	"github.com/roster-directory/roster/adapters/rest/stdedge"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestTheStandardLibraryServesTheContract(t *testing.T) { resttest.Run(t, stdedge.New) }
