package main

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/roster-directory/roster/domain"
)

func TestPeopleAreTheSameEachTime(t *testing.T) {
	one, other := people(3000), people(3000)
	if !slices.Equal(one, other) {
		t.Error("the same people differ")
	}
	usernames := map[string]bool{}
	for _, p := range one {
		usernames[p.Username] = true
	}
	if len(usernames) != len(one) {
		t.Errorf("%d people have %d usernames", len(one), len(usernames))
	}
}

func TestEachQueryHasRightUsers(t *testing.T) {
	l := newLabels(people(3000))
	queries := l.queries(5)
	if len(queries) != 5*len(kinds) {
		t.Errorf("%d queries", len(queries))
	}
	again := l.queries(5)
	for i, q := range queries {
		if len(q.right) == 0 || q.term == "" || again[i].term != q.term {
			t.Errorf("%+v", q)
		}
	}
}

func TestUsersWithTheWordsAreRight(t *testing.T) {
	zoe := person{ID: "1", DisplayName: "Zoë O'Neil", Username: "zoe.oneil", Email: "zoe@amber-labs.example"}
	zoltan := person{ID: "2", DisplayName: "Zoltán Onegin", Username: "zoltan", Email: "z@blue-labs.example"}
	l := newLabels([]person{zoe, zoltan})
	for _, each := range []struct {
		prefix bool
		words  []string
		want   []string
	}{
		{false, []string{"zoe", "oneil"}, []string{"1"}},
		{false, []string{"zo"}, nil},
		{true, []string{"zo"}, []string{"1", "2"}},
		{true, []string{"zoltan", "one"}, []string{"2"}},
		{false, []string{"labs"}, []string{"1", "2"}},
		{false, []string{"zoe", "blue"}, nil},
	} {
		var got []string
		for id := range l.matches(each.prefix, each.words...) {
			got = append(got, id)
		}
		if slices.Sort(got); !slices.Equal(got, each.want) {
			t.Errorf("%v: %v, not %v", each.words, got, each.want)
		}
	}
}

func TestAWrongHitLowersTheScore(t *testing.T) {
	q := query{right: map[string]bool{"a": true, "b": true}}
	for _, each := range []struct {
		found       []string
		recall, mrr float64
	}{
		{[]string{"a", "b"}, 1, 1}, {[]string{"x", "a"}, 0.5, 0.5}, {[]string{"x"}, 0, 0}, {nil, 0, 0},
	} {
		var s score
		s.add(&q, each.found)
		if s.recall != each.recall || s.mrr != each.mrr {
			t.Errorf("%v: recall %g, reciprocal rank %g", each.found, s.recall, s.mrr)
		}
	}
}

func TestWordsAreMistypedByOneEdit(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		if d := domain.Edits("lovelace", edited(random, "lovelace")); d > 1 {
			t.Fatalf("%d edits", d)
		}
		if d := domain.Edits("lovelace", transposed(random, "lovelace")); d > 1 {
			t.Fatalf("%d edits", d)
		}
	}
}

func TestTimesHaveQuantiles(t *testing.T) {
	all := times{3 * time.Millisecond, time.Millisecond, 2 * time.Millisecond}
	if all.at(0.5) != 2 || all.at(0.99) != 3 || all.at(0) != 1 {
		t.Errorf("%g, %g, %g", all.at(0.5), all.at(0.99), all.at(0))
	}
}
