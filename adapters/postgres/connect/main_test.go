package connect_test

import (
	"testing"

	"go.uber.org/goleak"

	"github.com/roster-directory/roster/adapters/postgres/pgtest"
)

var empty pgtest.Template

func TestMain(m *testing.M) { goleak.VerifyTestMain(pgtest.Main{M: m}) }
