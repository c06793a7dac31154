package chiedge_test

import (
	"testing"

	"github.com/roster-directory/roster/adapters/rest/resttest"
	"github.com/roster-directory/roster/docs/examples/chiedge"
)

func TestChiServesTheContract(t *testing.T) { resttest.Run(t, chiedge.New) }
