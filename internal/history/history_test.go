package history_test

import (
	"strings"
	"testing"

	"github.com/roster-directory/roster/internal/history"
)

// The operations of histories. All are about one user, "u".

func created(call, end int64, name string) history.Operation {
	return history.Operation{
		Kind: history.Create, ID: "u", Name: name, Call: call, Return: end,
		Outcome: history.Done, Received: history.User{ID: "u", Name: name, Version: 1},
	}
}

func read(call, end int64, name string, version int64) history.Operation {
	return history.Operation{
		Kind: history.Read, ID: "u", Call: call, Return: end,
		Outcome: history.Done, Received: history.User{ID: "u", Name: name, Version: version},
	}
}

func replaced(call, end int64, name string, version int64) history.Operation {
	o := created(call, end, name)
	o.Kind, o.Received.Version = history.Replace, version
	return o
}

func deleted(call, end int64) history.Operation {
	return history.Operation{Kind: history.Delete, ID: "u", Call: call, Return: end, Outcome: history.Done}
}

func with(o history.Operation, change func(*history.Operation)) history.Operation {
	change(&o)
	return o
}

func unknown(o history.Operation) history.Operation {
	return with(o, func(o *history.Operation) { o.Outcome, o.Received = history.Unknown, history.User{} })
}

func missing(o history.Operation) history.Operation {
	return with(o, func(o *history.Operation) { o.Outcome, o.Received = history.Missing, history.User{} })
}

func stale(o history.Operation, version int64) history.Operation {
	return with(o, func(o *history.Operation) { o.Outcome, o.IfMatch, o.Received = history.Stale, version, history.User{} })
}

func expecting(o history.Operation, version int64) history.Operation {
	return with(o, func(o *history.Operation) { o.IfMatch = version })
}

func operations(all ...history.Operation) []history.Operation { return all }

func TestHistoriesOfACorrectDirectoryPass(t *testing.T) {
	for name, all := range map[string][]history.Operation{
		"one after the other": {
			created(1, 2, "a"), read(3, 4, "a", 1), replaced(5, 6, "b", 2), read(7, 8, "b", 2), deleted(9, 10),
			missing(read(11, 12, "", 0)),
		},
		"a read during a replacement": {
			created(1, 2, "a"), replaced(3, 9, "b", 2), read(4, 5, "a", 1), read(6, 7, "b", 2),
		},
		"replacements at once, the later first": {
			created(1, 2, "a"), replaced(3, 9, "b", 3), replaced(3, 9, "c", 2), read(10, 11, "b", 3),
		},
		"a replacement without a response that happened": {
			created(1, 2, "a"), unknown(replaced(3, 4, "b", 0)), read(5, 6, "a", 1), read(7, 8, "b", 2),
		},
		"a replacement without a response that did not": {
			created(1, 2, "a"), unknown(replaced(3, 4, "b", 0)), read(5, 6, "a", 1),
		},
		"a version that only an unknown write explains": {
			created(1, 2, "a"), unknown(replaced(3, 4, "b", 0)), replaced(5, 6, "c", 3),
		},
		"a delete without a response that happened": {
			created(1, 2, "a"), unknown(deleted(3, 4)), read(5, 6, "a", 1), missing(read(7, 8, "", 0)),
		},
		"a read without a response": {created(1, 2, "a"), unknown(read(3, 4, "", 0))},
		"a request that expects an older version is refused": {
			created(1, 2, "a"), replaced(3, 4, "b", 2), stale(replaced(5, 6, "c", 0), 1), stale(deleted(7, 8), 1),
			read(9, 10, "b", 2),
		},
		"a request that expects the version is done": {
			created(1, 2, "a"), expecting(replaced(3, 4, "b", 2), 1), expecting(deleted(5, 6), 2),
		},
		"an unknown write that expects an older version": {
			created(1, 2, "a"), replaced(3, 4, "b", 2), expecting(unknown(replaced(5, 6, "c", 0)), 1),
			replaced(7, 8, "d", 3),
		},
		"a deleted user is missing for all writes": {
			created(1, 2, "a"), deleted(3, 4), missing(replaced(5, 6, "b", 0)), missing(deleted(7, 8)),
		},
	} {
		t.Run(name, func(t *testing.T) {
			if err := (&history.History{Operations: all}).Check(); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestHistoriesOfAFaultyDirectoryAreRefused(t *testing.T) {
	for name, all := range map[string][]history.Operation{
		"a stale read":                           {created(1, 2, "a"), replaced(3, 4, "b", 2), read(5, 6, "a", 1)},
		"a read back in time":                    {created(1, 2, "a"), replaced(3, 9, "b", 2), read(4, 5, "b", 2), read(6, 7, "a", 1)},
		"a lost write":                           {created(1, 2, "a"), replaced(3, 4, "b", 2), replaced(5, 6, "c", 2), read(7, 8, "c", 2)},
		"a lost create":                          {created(1, 2, "a"), missing(read(3, 4, "", 0))},
		"a lost delete":                          {created(1, 2, "a"), deleted(3, 4), read(5, 6, "a", 1)},
		"a read of a name before its request":    {created(1, 2, "a"), read(3, 4, "b", 2), replaced(5, 6, "b", 2)},
		"a read of a name that no request wrote": {created(1, 2, "a"), read(3, 4, "x", 1)},
		"a version that nothing explains":        {created(1, 2, "a"), replaced(3, 4, "b", 3)},
		"two winners of one version": {
			created(1, 2, "a"), expecting(replaced(3, 9, "b", 2), 1), expecting(replaced(3, 9, "c", 3), 1),
		},
		"a refusal without a cause": {created(1, 2, "a"), stale(replaced(3, 4, "b", 0), 1)},
		"two deletes of one user":   {created(1, 2, "a"), deleted(3, 4), deleted(5, 6)},
		"an unknown write that comes and goes": {
			created(1, 2, "a"), unknown(replaced(3, 4, "b", 0)), read(5, 6, "b", 2), read(7, 8, "a", 1),
		},
		"a user made twice": {created(1, 2, "a"), created(3, 4, "b")},
	} {
		t.Run(name, func(t *testing.T) { expectRefused(t, all, "no order explains") })
	}
	of := func(id, name string) func(*history.Operation) {
		return func(o *history.Operation) { o.Received.ID, o.Received.Name = id, name }
	}
	for name, all := range map[string][]history.Operation{
		"the response about another user": {created(1, 2, "a"), with(read(3, 4, "a", 1), of("v", "a"))},
		"the response to another's write": {created(1, 2, "a"), with(replaced(3, 9, "b", 2), of("u", "c")), replaced(3, 9, "c", 2)},
	} {
		t.Run(name, func(t *testing.T) { expectRefused(t, all, "the response to another request") })
	}
}

func expectRefused(t *testing.T, all []history.Operation, want string) {
	t.Helper()
	if err := (&history.History{Operations: all}).Check(); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("the error is %v, not %q", err, want)
	}
}

func TestListsMustHaveWhatWasAcknowledged(t *testing.T) {
	alive := operations(created(1, 2, "a"), replaced(3, 4, "b", 2))
	a, b := history.User{ID: "u", Name: "a", Version: 1}, history.User{ID: "u", Name: "b", Version: 2}
	for name, c := range map[string]struct {
		all       []history.Operation
		call, end int64
		users     []history.User
		want      string // "" passes
	}{
		"all there":                            {alive, 5, 6, []history.User{b}, ""},
		"missing":                              {alive, 5, 6, nil, "is missing"},
		"missing before the create's response": {alive, 1, 6, nil, ""},
		"an older version":                     {alive, 5, 6, []history.User{a}, "was of version 2 before"},
		"an older version, requested before":   {alive, 3, 6, []history.User{a}, ""},
		"a version that is another name's":     {alive, 5, 6, []history.User{{ID: "u", Name: "b", Version: 3}}, "had that name in version 2"},
		"a name before its request": {
			operations(created(1, 2, "a"), replaced(7, 8, "b", 2)), 3, 4, []history.User{b}, "never had that name",
		},
		"a name that no request wrote":           {alive, 5, 6, []history.User{{ID: "u", Name: "x", Version: 2}}, "never had that name"},
		"a name that was written unknown":        {operations(created(1, 2, "a"), unknown(replaced(3, 4, "b", 0))), 5, 6, []history.User{b}, ""},
		"twice":                                  {alive, 5, 6, []history.User{b, b}, "is there twice"},
		"deleted before":                         {append(alive, deleted(5, 6)), 7, 8, []history.User{b}, "was deleted before"},
		"deleted meanwhile, there":               {append(alive, deleted(6, 9)), 5, 8, []history.User{b}, ""},
		"deleted meanwhile, missing":             {append(alive, deleted(6, 9)), 5, 8, nil, ""},
		"perhaps deleted, missing":               {append(alive, unknown(deleted(5, 6))), 7, 8, nil, ""},
		"a user that no request created":         {alive, 5, 6, []history.User{b, {ID: "v", Name: "y", Version: 1}}, "was never created"},
		"a user that a request may have created": {alive, 5, 6, []history.User{b, {ID: "v", Name: "unsure", Version: 1}}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			h := &history.History{
				Operations: c.all, Lists: []history.List{{Call: c.call, Return: c.end, Users: c.users}}, Unsure: map[string]bool{"unsure": true},
			}
			err := h.Check()
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("the error is %v, not %q", err, c.want)
			}
		})
	}
}

func TestOnlyTheFirstFaultsAreReported(t *testing.T) {
	h := &history.History{Operations: operations(created(1, 2, "a"))}
	for range 9 {
		h.Lists = append(h.Lists, history.List{Call: 3, Return: 4})
	}
	if err := h.Check(); err == nil || !strings.HasSuffix(err.Error(), "\nand 4 more") || strings.Count(err.Error(), "missing") != 5 {
		t.Errorf("the error is %v", err)
	}
}
