package history

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// life is what is known of a user without looking for an order.
type life struct {
	created int64            // when its create was acknowledged
	begun   int64            // when a delete was first asked for, else never
	deleted int64            // when a delete was first acknowledged, else never
	writes  []Operation      // acknowledged, by the time of the answer
	newest  []int64          // the highest version in writes up to there
	named   map[string]int64 // when a name was first asked for
	version map[string]int64 // of names whose write was acknowledged
}

const never = math.MaxInt64

func lifeOf(operations []Operation) *life {
	l := &life{created: never, begun: never, deleted: never, named: map[string]int64{}, version: map[string]int64{}}
	for _, o := range operations {
		switch {
		case o.Kind == Delete && (o.Outcome == Done || o.Outcome == Unknown):
			l.begun = min(l.begun, o.Call)
			if o.Outcome == Done {
				l.deleted = min(l.deleted, o.Return)
			}
		case o.Kind == Create && o.Outcome == Done:
			l.created = o.Return
			l.wrote(o)
		case o.Kind == Replace && (o.Outcome == Done || o.Outcome == Unknown):
			l.wrote(o)
		}
	}
	slices.SortFunc(l.writes, func(a, b Operation) int { return cmp.Compare(a.Return, b.Return) })
	highest := int64(0)
	for _, o := range l.writes {
		highest = max(highest, o.Answer.Version)
		l.newest = append(l.newest, highest)
	}
	return l
}

func (l *life) wrote(o Operation) {
	l.named[o.Name] = o.Call
	if o.Outcome == Done {
		l.writes = append(l.writes, o)
		l.version[o.Name] = o.Answer.Version
	}
}

// acknowledged returns the highest version that was acknowledged before a
// moment.
func (l *life) acknowledged(before int64) int64 {
	n, _ := slices.BinarySearchFunc(l.writes, before, func(o Operation, at int64) int { return cmp.Compare(o.Return, at) })
	if n == 0 {
		return 0
	}
	return l.newest[n-1]
}

// checkLists holds each list against what was acknowledged before it was asked
// for, and against what was asked for before it ended.
func checkLists(users map[string][]Operation, h *History) error {
	lives := map[string]*life{}
	for id, operations := range users {
		lives[id] = lifeOf(operations)
	}
	var faults []error
	for _, list := range h.Lists {
		shown := map[string]bool{}
		for _, user := range list.Users {
			if fault := list.wrong(user, lives[user.ID], h.Unsure); fault != "" {
				faults = append(faults, list.fault(fault, user))
			}
			if shown[user.ID] {
				faults = append(faults, list.fault("is there twice", user))
			}
			shown[user.ID] = true
		}
		for id, l := range lives {
			if l.created < list.Call && l.begun > list.Return && !shown[id] {
				faults = append(faults, list.fault("is missing", User{ID: id}))
			}
		}
	}
	return few(faults)
}

// wrong says what is wrong with a user in the list.
func (list *List) wrong(user User, l *life, unsure map[string]bool) string {
	if l == nil || l.created == never {
		if unsure[user.Name] {
			return ""
		}
		return "was never created"
	}
	asked, written := l.named[user.Name]
	version, acknowledged := l.version[user.Name]
	switch {
	case l.deleted < list.Call:
		return "was deleted before"
	case user.Version < l.acknowledged(list.Call):
		return fmt.Sprintf("was of version %d before", l.acknowledged(list.Call))
	case !written || asked > list.Return:
		return "never had that name"
	case acknowledged && version != user.Version:
		return fmt.Sprintf("had that name in version %d", version)
	}
	return ""
}

func (list *List) fault(what string, user User) error {
	return fmt.Errorf("[%d, %d] client %d: in a list, the user %s %s of version %d %s", list.Call, list.Return, list.Client, user.ID, user.Name, user.Version, what)
}
