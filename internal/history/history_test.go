package history_test

import (
	"strings"
	"testing"

	"github.com/roster-directory/roster/internal/history"
)

// The operations that histories are written with; each is of one user, "u".

func created(call, end int64, name string) history.Operation {
	return history.Operation{Kind: history.Create, ID: "u", Name: name, Call: call, Return: end, Outcome: history.Done, Answer: history.User{ID: "u", Name: name, Version: 1}}
}

func read(call, end int64, name string, version int64) history.Operation {
	return history.Operation{Kind: history.Read, ID: "u", Call: call, Return: end, Outcome: history.Done, Answer: history.User{ID: "u", Name: name, Version: version}}
}

func replaced(call, end int64, name string, version int64) history.Operation {
	o := created(call, end, name)
	o.Kind, o.Answer.Version = history.Replace, version
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
	return with(o, func(o *history.Operation) { o.Outcome, o.Answer = history.Unknown, history.User{} })
}

func missing(o history.Operation) history.Operation {
	return with(o, func(o *history.Operation) { o.Outcome, o.Answer = history.Missing, history.User{} })
}

func stale(o history.Operation, version int64) history.Operation {
	return with(o, func(o *history.Operation) { o.Outcome, o.IfMatch, o.Answer = history.Stale, version, history.User{} })
}

func expecting(o history.Operation, version int64) history.Operation {
	return with(o, func(o *history.Operation) { o.IfMatch = version })
}

func operations(all ...history.Operation) []history.Operation { return all }

func TestHistoriesThatAnHonestDirectoryMakesPass(t *testing.T) {
	for name, all := range map[string][]history.Operation{
		"one after the other":                               operations(created(1, 2, "a"), read(3, 4, "a", 1), replaced(5, 6, "b", 2), read(7, 8, "b", 2), deleted(9, 10), missing(read(11, 12, "", 0))),
		"a read beside a replacement sees what was":         operations(created(1, 2, "a"), replaced(3, 9, "b", 2), read(4, 5, "a", 1), read(6, 7, "b", 2)),
		"replacements at once, the later first":             operations(created(1, 2, "a"), replaced(3, 9, "b", 3), replaced(3, 9, "c", 2), read(10, 11, "b", 3)),
		"a replacement without an answer that happened":     operations(created(1, 2, "a"), unknown(replaced(3, 4, "b", 0)), read(5, 6, "a", 1), read(7, 8, "b", 2)),
		"a replacement without an answer that did not":      operations(created(1, 2, "a"), unknown(replaced(3, 4, "b", 0)), read(5, 6, "a", 1)),
		"a version that only an unknown write explains":     operations(created(1, 2, "a"), unknown(replaced(3, 4, "b", 0)), replaced(5, 6, "c", 3)),
		"a delete without an answer that happened":          operations(created(1, 2, "a"), unknown(deleted(3, 4)), read(5, 6, "a", 1), missing(read(7, 8, "", 0))),
		"a read without an answer":                          operations(created(1, 2, "a"), unknown(read(3, 4, "", 0))),
		"what expects an older version is refused":          operations(created(1, 2, "a"), replaced(3, 4, "b", 2), stale(replaced(5, 6, "c", 0), 1), stale(deleted(7, 8), 1), read(9, 10, "b", 2)),
		"what expects the version is done":                  operations(created(1, 2, "a"), expecting(replaced(3, 4, "b", 2), 1), expecting(deleted(5, 6), 2)),
		"unknown, with an older version: it does not count": operations(created(1, 2, "a"), replaced(3, 4, "b", 2), expecting(unknown(replaced(5, 6, "c", 0)), 1), replaced(7, 8, "d", 3)),
		"who is deleted is missing to all writes":           operations(created(1, 2, "a"), deleted(3, 4), missing(replaced(5, 6, "b", 0)), missing(deleted(7, 8))),
	} {
		t.Run(name, func(t *testing.T) {
			if err := (&history.History{Operations: all}).Check(); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestHistoriesThatNoHonestDirectoryMakesAreRefused(t *testing.T) {
	const noOrder = "no order explains"
	for name, c := range map[string]struct {
		all  []history.Operation
		want string
	}{
		"a stale read":                         {operations(created(1, 2, "a"), replaced(3, 4, "b", 2), read(5, 6, "a", 1)), noOrder},
		"a read back in time":                  {operations(created(1, 2, "a"), replaced(3, 9, "b", 2), read(4, 5, "b", 2), read(6, 7, "a", 1)), noOrder},
		"a lost write":                         {operations(created(1, 2, "a"), replaced(3, 4, "b", 2), replaced(5, 6, "c", 2), read(7, 8, "c", 2)), noOrder},
		"a lost create":                        {operations(created(1, 2, "a"), missing(read(3, 4, "", 0))), noOrder},
		"a lost delete":                        {operations(created(1, 2, "a"), deleted(3, 4), read(5, 6, "a", 1)), noOrder},
		"a read of what was not yet asked for": {operations(created(1, 2, "a"), read(3, 4, "b", 2), replaced(5, 6, "b", 2)), noOrder},
		"a read of a name that nobody wrote":   {operations(created(1, 2, "a"), read(3, 4, "x", 1)), noOrder},
		"a version that nothing explains":      {operations(created(1, 2, "a"), replaced(3, 4, "b", 3)), noOrder},
		"two winners of one version":           {operations(created(1, 2, "a"), expecting(replaced(3, 9, "b", 2), 1), expecting(replaced(3, 9, "c", 3), 1)), noOrder},
		"a refusal without a reason":           {operations(created(1, 2, "a"), stale(replaced(3, 4, "b", 0), 1)), noOrder},
		"two deletes of one user":              {operations(created(1, 2, "a"), deleted(3, 4), deleted(5, 6)), noOrder},
		"an unknown write that comes and goes": {operations(created(1, 2, "a"), unknown(replaced(3, 4, "b", 0)), read(5, 6, "b", 2), read(7, 8, "a", 1)), noOrder},
		"a user made twice":                    {operations(created(1, 2, "a"), created(3, 4, "b")), noOrder},
		"another user's answer":                {operations(created(1, 2, "a"), with(read(3, 4, "a", 1), func(o *history.Operation) { o.Answer.ID = "v" })), "another's answer"},
		"another writer's answer":              {operations(created(1, 2, "a"), with(replaced(3, 9, "b", 2), func(o *history.Operation) { o.Answer.Name = "c" }), replaced(3, 9, "c", 2)), "another's answer"},
	} {
		t.Run(name, func(t *testing.T) {
			if err := (&history.History{Operations: c.all}).Check(); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("it is told %v, not %q", err, c.want)
			}
		})
	}
}

func TestListsAreHeldAgainstWhatWasAcknowledged(t *testing.T) {
	alive := operations(created(1, 2, "a"), replaced(3, 4, "b", 2))
	a, b := history.User{ID: "u", Name: "a", Version: 1}, history.User{ID: "u", Name: "b", Version: 2}
	for name, c := range map[string]struct {
		all       []history.Operation
		call, end int64
		users     []history.User
		want      string // "" passes
	}{
		"all there":                          {alive, 5, 6, []history.User{b}, ""},
		"missing":                            {alive, 5, 6, nil, "is missing"},
		"missing before the create's answer": {alive, 1, 6, nil, ""},
		"an older version":                   {alive, 5, 6, []history.User{a}, "was of version 2 before"},
		"an older version, asked before":     {alive, 3, 6, []history.User{a}, ""},
		"a version that is another name's":   {alive, 5, 6, []history.User{{ID: "u", Name: "b", Version: 3}}, "had that name in version 2"},
		"a name before it was asked for":     {operations(created(1, 2, "a"), replaced(7, 8, "b", 2)), 3, 4, []history.User{b}, "never had that name"},
		"a name that nobody wrote":           {alive, 5, 6, []history.User{{ID: "u", Name: "x", Version: 2}}, "never had that name"},
		"a name that was written unknown":    {operations(created(1, 2, "a"), unknown(replaced(3, 4, "b", 0))), 5, 6, []history.User{b}, ""},
		"twice":                              {alive, 5, 6, []history.User{b, b}, "is there twice"},
		"deleted before":                     {append(alive, deleted(5, 6)), 7, 8, []history.User{b}, "was deleted before"},
		"deleted meanwhile, there":           {append(alive, deleted(6, 9)), 5, 8, []history.User{b}, ""},
		"deleted meanwhile, missing":         {append(alive, deleted(6, 9)), 5, 8, nil, ""},
		"perhaps deleted, missing":           {append(alive, unknown(deleted(5, 6))), 7, 8, nil, ""},
		"a user that nobody made":            {alive, 5, 6, []history.User{b, {ID: "v", Name: "y", Version: 1}}, "was never created"},
		"a user that somebody may have made": {alive, 5, 6, []history.User{b, {ID: "v", Name: "unsure", Version: 1}}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			h := &history.History{
				Operations: c.all, Lists: []history.List{{Call: c.call, Return: c.end, Users: c.users}}, Unsure: map[string]bool{"unsure": true},
			}
			err := h.Check()
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("it is told %v, not %q", err, c.want)
			}
		})
	}
}

func TestFaultsAreToldInFew(t *testing.T) {
	h := &history.History{Operations: operations(created(1, 2, "a"))}
	for range 9 {
		h.Lists = append(h.Lists, history.List{Call: 3, Return: 4})
	}
	if err := h.Check(); err == nil || !strings.HasSuffix(err.Error(), "\nand 4 more") || strings.Count(err.Error(), "missing") != 5 {
		t.Errorf("it is told %v", err)
	}
}
