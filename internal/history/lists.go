package history

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// life is what the responses about a user tell, without the order of the operations.
type life struct {
	created    int64            // time of the response to its create
	deleteCall int64            // time of the first request to delete it, or never
	deleted    int64            // time of the first response to a delete, or never
	writes     []Operation      // acknowledged writes by the time of the response
	newest     []int64          // for each of writes, the highest version up to it
	requested  map[string]int64 // time of the first request to write a name
	version    map[string]int64 // versions of acknowledged names
}

const never = math.MaxInt64

func lifeOf(operations []Operation) *life {
	l := &life{
		created: never, deleteCall: never, deleted: never,
		requested: map[string]int64{}, version: map[string]int64{},
	}
	for _, o := range operations {
		switch {
		case o.Kind == Delete && (o.Outcome == Done || o.Outcome == Unknown):
			l.deleteCall = min(l.deleteCall, o.Call)
			if o.Outcome == Done {
				l.deleted = min(l.deleted, o.Return)
			}
		case o.Kind == Create && o.Outcome == Done:
			l.created = o.Return
			l.addWrite(o)
		case o.Kind == Replace && (o.Outcome == Done || o.Outcome == Unknown):
			l.addWrite(o)
		}
	}
	slices.SortFunc(l.writes, func(a, b Operation) int { return cmp.Compare(a.Return, b.Return) })
	highest := int64(0)
	for _, o := range l.writes {
		highest = max(highest, o.Received.Version)
		l.newest = append(l.newest, highest)
	}
	return l
}

func (l *life) addWrite(o Operation) {
	l.requested[o.Name] = o.Call
	if o.Outcome == Done {
		l.writes = append(l.writes, o)
		l.version[o.Name] = o.Received.Version
	}
}

// acknowledged returns the highest version that was acknowledged before a time.
func (l *life) acknowledged(before int64) int64 {
	n, _ := slices.BinarySearchFunc(l.writes, before, func(o Operation, at int64) int { return cmp.Compare(o.Return, at) })
	if n == 0 {
		return 0
	}
	return l.newest[n-1]
}

// checkLists compares each list with the writes acknowledged before it was requested
// and with the writes requested before it ended.
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
			if l.created < list.Call && l.deleteCall > list.Return && !shown[id] {
				faults = append(faults, list.fault("is missing", User{ID: id}))
			}
		}
	}
	return firstFew(faults)
}

// wrong returns what is wrong with a user in the list, or "".
func (list *List) wrong(user User, l *life, unsure map[string]bool) string {
	if l == nil || l.created == never {
		if unsure[user.Name] {
			return ""
		}
		return "was never created"
	}
	requested, written := l.requested[user.Name]
	version, acknowledged := l.version[user.Name]
	switch {
	case l.deleted < list.Call:
		return "was deleted before"
	case user.Version < l.acknowledged(list.Call):
		return fmt.Sprintf("was of version %d before", l.acknowledged(list.Call))
	case !written || requested > list.Return:
		return "never had that name"
	case acknowledged && version != user.Version:
		return fmt.Sprintf("had that name in version %d", version)
	}
	return ""
}

func (list *List) fault(what string, user User) error {
	return fmt.Errorf("[%d, %d] client %d: in a list, the user %s %s of version %d %s",
		list.Call, list.Return, list.Client, user.ID, user.Name, user.Version, what)
}
