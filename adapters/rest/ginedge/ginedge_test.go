package ginedge_test

import (
	"testing"

	"go.uber.org/goleak"

	"github.com/roster-directory/roster/adapters/rest/ginedge"
	"github.com/roster-directory/roster/adapters/rest/resttest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestGinServesTheContract(t *testing.T) { resttest.Run(t, ginedge.New) }
