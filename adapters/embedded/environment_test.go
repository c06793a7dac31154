package embedded

import (
	"errors"
	"strings"
	"testing"
)

func TestVariablesOfLibpqChangeNothing(t *testing.T) {
	for name, value := range map[string]string{
		"PGHOST": "192.0.2.1", "PGPORT": "1", "PGUSER": "nobody", "PGPASSWORD": "wrong", "PGDATABASE": "none", "PGSSLMODE": "bad",
		"PGSSLROOTCERT": "/none", "PGSSLCERT": "/none", "PGSSLKEY": "/none", "PGPASSFILE": "/none", "PGSERVICEFILE": "/none",
		"PGTARGETSESSIONATTRS": "standby", "PGOPTIONS": "-c bad=1", "PGTZ": "Mars", "PGCONNECT_TIMEOUT": "bad", "PGAPPNAME": "x",
		"PGCHANNELBINDING": "bad", "PGREQUIREAUTH": "bad", "PGMINPROTOCOLVERSION": "bad", "PGMAXPROTOCOLVERSION": "bad",
		"PGSSLCERTMODE": "bad", "PGSSLNEGOTIATION": "bad", "PGSSLSNI": "bad", "PGSSLPASSWORD": "bad",
	} {
		t.Setenv(name, value)
	}
	server := started(t, in(folder(t)))
	if _, err := server.EnsureDatabase(t.Context(), "roster"); err != nil {
		t.Error(err)
	}
}

func TestAStartEndsAtOnceIfTheServerWillNeverLetItIn(t *testing.T) {
	t.Setenv("PGSERVICE", "none")
	contains(t, refused(t, in(folder(t))).Error(), "PGSERVICE", "unset it")
}

func TestAUserWithoutAnEntryIsNamedWithTheFix(t *testing.T) {
	cause := errors.New("exit status 1")
	err := initdbError(cause, "initdb: error: could not look up effective user ID 54321: user does not exist")
	contains(t, err.Error(), "/etc/passwd", "another user", "DATABASE_URL")
	if other := initdbError(cause, "no space left on device"); strings.Contains(other.Error(), "passwd") || !errors.Is(other, cause) {
		t.Error(other)
	}
}
