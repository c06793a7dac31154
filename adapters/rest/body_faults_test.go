package rest

import (
	"fmt"
	"strings"
	"testing"
)

func TestABodyIsReadUpToItsFirstFaults(t *testing.T) {
	const unread = "what follows is not read, so nobody sees that it is no JSON"
	var body NewEvents
	p := readText(t, `{"events":[`+strings.Repeat(`{"kind":"d"},`, 100)+unread, &body)
	if p == nil || len(p.faults) != maxFaults || len(body.Events) != 7 {
		t.Errorf("%d events were read; %+v", len(body.Events), p)
	}
	long := strings.Repeat("x", maxValue)
	for name, c := range map[string]struct {
		text string
		into jsonObject
		want string
	}{
		"a string":            {`{"username":"` + long + `"`, new(NewUser), "[/username]"},
		"a string of escapes": {`{"username":"` + strings.Repeat(`\"`, maxValue) + `"`, new(NewUser), "[/username]"},
		"an object":           {`{"attributes": {"a":{"b":"` + long + `"}}`, new(NewUser), "[/attributes]"},
		"a map":               {`{"attributes": {` + strings.Repeat(`"a":{},`, maxValue/7+1), new(NewUser), "[/attributes]"},
		"a patch":             {`{"attributes": {"a":"` + long, new(UserPatch), "[/attributes]"},
		"a number":            {`{"seats":` + strings.Repeat("1", maxValue), new(PlanReplacement), "[/seats]"},
		"an array":            {`{"username":[[` + strings.Repeat("1,", maxValue), new(NewUser), "[/username]"},
		"an unknown field":    {`{"x":{"a":"` + long + `"}`, new(NewUser), "[/x]"},
		"a name":              {`{"` + long, new(NewUser), "[]"},
		"the first element":   {`{"ids":["` + long, new(Lookup), "[/ids/0]"},
		"a later element":     {`{"ids":["x","y","` + long, new(Lookup), "[/ids/2]"},
		"a payload":           {`{"events":[` + eventText + `,{"payload":[` + long, new(NewEvents), "[/events/1/payload]"},
		"the whole body":      {`[{"a":"` + long + `"}`, new(NewUser), "[]"},
	} {
		p := readText(t, c.text+unread, c.into)
		if p == nil || p.kind != kindInvalid || fmt.Sprint(placesOf(p)) != c.want {
			t.Errorf("%s is refused by %.300v at %.300v, want %s", name, p, placesOf(p), c.want)
		}
	}
	var user NewUser
	fits := `{"username":"` + strings.Repeat("x", maxValue-10) + `"  , "email":"` + strings.Repeat("y", maxValue-10) + `", "attributes":{}}`
	if p := readText(t, fits, &user); p != nil || len(user.Username) != maxValue-10 || len(user.Email) != maxValue-10 {
		t.Errorf("values of %d bytes are refused by %+v", maxValue-10, p)
	}
}

func TestAByteOrderMarkIsNoPartOfTheBody(t *testing.T) {
	var user NewUser
	if p := readText(t, "\ufeff"+`{"username":"bob","email":"b@example.com"}`, &user); p != nil || user.Username != "bob" {
		t.Errorf("it is refused by %+v", p)
	}
	for text, want := range map[string]string{
		"\ufeff": "the body is empty", "\ufeff\ufeff{}": "is not JSON", "\xff\xfe{\x00}\x00": "not valid UTF-8",
	} {
		if p := readText(t, text, &user); p == nil || !strings.Contains(p.detail, want) {
			t.Errorf("%q is refused by %+v", text, p)
		}
	}
}
