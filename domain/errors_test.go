package domain_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/roster-directory/roster/domain"
)

func TestAnErrorIsItsKindHoweverWrapped(t *testing.T) {
	cause := errors.New("boom")
	err := fmt.Errorf("create: %w",
		&domain.Error{Kind: domain.Conflict, Reason: domain.ReasonTaken, Field: "email", Detail: "is taken", Fix: "send another", Err: cause})
	if !errors.Is(err, domain.Conflict) || errors.Is(err, domain.NotFound) || !errors.Is(err, cause) {
		t.Errorf("kind or cause is lost in %v", err)
	}
	if want := "create: email: is taken; send another: boom"; err.Error() != want {
		t.Errorf("text is %q; want %q", err, want)
	}
}

func TestFailuresFindsEveryErrorOfATree(t *testing.T) {
	a, b, c := domain.Missing("a"), domain.Missing("b"), domain.Missing("c")
	tree := fmt.Errorf("request: %w", errors.Join(a, fmt.Errorf("deeper: %w", errors.Join(b, errors.New("other"))), c))
	got := domain.Failures(tree)
	if len(got) != 3 || got[0] != a || got[1] != b || got[2] != c {
		t.Errorf("got %v", got)
	}
	if domain.Failures(nil) != nil || domain.Failures(errors.New("other")) != nil {
		t.Error("failures were found where there are none")
	}
}

func TestUnderMovesFieldsBelowAParent(t *testing.T) {
	whole := &domain.Error{Kind: domain.Invalid, Detail: "is odd"}
	got := domain.Failures(domain.Under("events[3]", errors.Join(domain.Missing("kind"), whole)))
	if len(got) != 2 || got[0].Field != "events[3].kind" || got[1].Field != "events[3]" {
		t.Errorf("got %v", got)
	}
	if whole.Field != "" {
		t.Error("the original was changed")
	}
	other := errors.New("other")
	if domain.Under("x", other) != other { //nolint:errorlint // identity is the contract
		t.Error("an error of no field was changed")
	}
	if one := domain.Under("x", domain.Missing("y")); one.Error() != "x.y: is required; send y" {
		t.Errorf("got %q", one)
	}
}

func TestInFieldNamesTheFieldOfACopy(t *testing.T) {
	_, original := domain.ParsePlanCode("")
	want := *domain.Failures(original)[0]
	want.Field = "code"
	got := domain.Failures(domain.InField("code", fmt.Errorf("a plan: %w", original)))
	if len(got) != 1 || *got[0] != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if domain.Failures(original)[0].Field == "code" {
		t.Error("the original was changed")
	}
	other := errors.New("other")
	if domain.InField("code", other) != other || domain.InField("code", nil) != nil { //nolint:errorlint // identity is the contract
		t.Error("an error of no field was changed")
	}
}

func TestAbsentThingsAreNotFoundByName(t *testing.T) {
	id := domain.UserID{1}
	err := domain.Absent("user", id)
	if !errors.Is(err, domain.NotFound) || err.Reason != domain.ReasonUnknown || err.Detail != `no user "`+id.String()+`"` {
		t.Errorf("got %+v", *err)
	}
}

func TestAtMostNamesTheFieldThatIsTooLong(t *testing.T) {
	if err := domain.AtMost("ids", 3, 3); err != nil {
		t.Errorf("3 of 3: %v", err)
	}
	refused(t, domain.AtMost("ids", 4, 3), "ids", "4 of 3")
}

func TestMustParsePanicsOnAnInvalidValue(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("a bad slug did not panic")
		}
	}()
	domain.MustParse(domain.ParseSlug("Not a slug"))
}
