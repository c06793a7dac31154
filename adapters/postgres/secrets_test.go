package postgres_test

import (
	"bytes"
	"sync"
	"testing"

	"github.com/roster-directory/roster/adapters/postgres/internal/testdb"
	"github.com/roster-directory/roster/adapters/postgres/pgtest"
)

func TestASecretIsMadeOnceByManyAtOnce(t *testing.T) {
	url := testdb.URL(t)
	const many = 20
	secrets, faults := make([][]byte, many), make([]error, many)
	one, other := testdb.Open(t, testdb.Config(url)), testdb.Open(t, testdb.Config(url))
	var all sync.WaitGroup
	for i := range many {
		all.Go(func() {
			d := one
			if i%2 == 0 {
				d = other
			}
			secrets[i], faults[i] = d.Secret(t.Context(), "cursors")
		})
	}
	all.Wait()
	for i, secret := range secrets {
		if faults[i] != nil || len(secret) != 32 || !bytes.Equal(secret, secrets[0]) {
			t.Errorf("secret %d has %d bytes, as the first: %t; %v", i, len(secret), bytes.Equal(secret, secrets[0]), faults[i])
		}
	}
	different, err := one.Secret(t.Context(), "another")
	if err != nil || len(different) != 32 || bytes.Equal(different, secrets[0]) {
		t.Errorf("another secret has %d bytes, and is the same: %t; %v", len(different), bytes.Equal(different, secrets[0]), err)
	}
	if n := watch(t, url, "SELECT count(*)::text FROM roster.secrets"); n != "2" {
		t.Errorf("%s secrets are kept", n)
	}
}

func TestASecretIsNotMadeWhereNothingCanBeWritten(t *testing.T) {
	url := testdb.URL(t)
	d, c := testdb.Open(t, testdb.Config(url)), pgtest.Connect(t, url)
	first, err := d.Secret(t.Context(), "cursors")
	if err != nil {
		t.Fatal(err)
	}
	pgtest.Execute(t, c, "ALTER TABLE roster.secrets ADD CONSTRAINT closed CHECK (name = 'cursors')")
	if secret, err := d.Secret(t.Context(), "another"); err == nil || secret != nil {
		t.Errorf("it is %x, %v", secret, err)
	}
	if again, err := d.Secret(t.Context(), "cursors"); err != nil || !bytes.Equal(again, first) {
		t.Errorf("what is there: %v", err)
	}
}
