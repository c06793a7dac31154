package rest

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/getkin/kin-openapi/openapi3"
	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"github.com/roster-directory/roster/domain"
)

// parses makes a test of a parse function.
func parses[V any](parse func(string) (V, error)) func(string) error {
	return func(text string) error { _, err := parse(text); return err }
}

// texts are the schemas of text and what reads them.
func texts() map[string]struct {
	parse func(string) error
	// draw is a pattern of texts that are nearly right.
	draw string
} {
	type text = struct {
		parse func(string) error
		draw  string
	}
	return map[string]text{
		"Username":         {parses(domain.ParseUsername), `[A-Za-z0-9._@-]{0,66}`},
		"Email":            {parses(domain.ParseEmail), `[a-z0-9.+"-]{0,9}@?[A-Za-z0-9.-]{0,70}`},
		"EmailDomain":      {parses(domain.ParseEmailDomain), `[A-Za-z0-9.-]{0,70}`},
		"DisplayName":      {parses(domain.ParseDisplayName), `[ \n\x00\x7f\x{85}\x{a0}\x{2028}\x{3000}a李]{0,4}a{0,201}`},
		"ExternalId":       {parses(domain.ParseExternalID), `[ \n\x00\x7f\x{85}\x{a0}\x{2028}\x{3000}a李]{0,4}a{0,256}`},
		"OrganizationName": {parses(domain.ParseOrganizationName), `[ \t\x{9f}\x{1680}\x{200a}\x{200b}a李]{0,4}a{0,201}`},
		"PlanName":         {parses(domain.ParsePlanName), `[ \v\x{80}\x{202f}\x{205f}a李]{0,4}a{0,101}`},
		"Slug":             {parses(domain.ParseSlug), `[a-zA-Z0-9_-]{0,65}`},
		"PlanCode":         {parses(domain.ParsePlanCode), `[a-zA-Z0-9_.-]{0,34}`},
		"EventKind":        {parses(domain.ParseEventKind), `[a-zA-Z0-9_.:-]{0,66}`},
		"Id": {
			parses(func(text string) (domain.UserID, error) { return domain.ParseID[domain.User]("id", text) }),
			`[0-9a-fA-Fg]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{11,13}`,
		},
	}
}

// allows is what a schema of text says of one.
func allows(schema *openapi3.Schema, text string) bool {
	n := uint64(utf8.RuneCountInString(text))
	return n >= schema.MinLength && n <= *schema.MaxLength && ecma(schema.Pattern).MatchString(text)
}

// TestTextsOfTheContractAreTheDomains holds the lengths and patterns that the
// contract states against what the domain accepts.
func TestTextsOfTheContractAreTheDomains(t *testing.T) {
	schemas := contract(t).Components.Schemas
	for name, c := range texts() {
		t.Run(name, func(t *testing.T) {
			schema := schemas[name].Value
			rapid.Check(t, func(t *rapid.T) {
				text := norm.NFC.String(rapid.OneOf(rapid.StringMatching(c.draw), rapid.String()).Draw(t, "text"))
				err := c.parse(text)
				if fault, ok := errors.AsType[*domain.Error](err); ok && fault.Reason == domain.ReasonMissing {
					text = near(text) // the domain finds nothing visible
				}
				if (err == nil) != allows(schema, text) && !tooLongInBytes(name, text) {
					t.Fatalf("%q: the contract says %v, the domain %v", text, allows(schema, text), err)
				}
			})
		})
	}
}

// near is a text without the characters above U+FFFF. Not all who read patterns can
// name the few of them that are invisible, so that the contract takes all for visible.
func near(text string) string {
	return strings.Map(func(r rune) rune {
		if r > 0xffff {
			return -1
		}
		return r
	}, text)
}

// tooLongInBytes reports whether a text is beyond what a pattern can say: the
// part of an address before the '@' has at most 64 bytes.
func tooLongInBytes(name, text string) bool {
	return name == "Email" && strings.LastIndexByte(text, '@') > 64
}

func TestAddressLiteralsAreOfTheContract(t *testing.T) {
	schemas := contract(t).Components.Schemas
	for _, host := range []string{"[192.0.2.1]", "[IPv6:2001:db8::1]", "[ipv6:::ffff:192.0.2.1]"} {
		if _, err := domain.ParseEmail("ada@" + host); err != nil || !allows(schemas["Email"].Value, "ada@"+host) {
			t.Errorf("%s: the domain says %v", host, err)
		}
		if _, err := domain.ParseEmailDomain(host); err != nil || !allows(schemas["EmailDomain"].Value, host) {
			t.Errorf("%s: the domain says %v", host, err)
		}
	}
}

func TestSearchTermsOfTheContractAreTheDomains(t *testing.T) {
	schema := contract(t).Components.Schemas["Search"].Value.Properties["term"].Value
	for text, fits := range map[string]bool{
		"": false, " ": false, "\u00a0\u3000": false, "a": true, "a\n": false, strings.Repeat("a", 1024): true, strings.Repeat("a", 1025): false,
	} {
		if _, err := domain.ParseSearchTerm(text); (err == nil) != fits || allows(schema, text) != fits {
			t.Errorf("%.20q: the contract says %v, the domain %v", text, allows(schema, text), err)
		}
	}
}

// TestWordsOfTheContractAreTheDomains holds enumerations against what the
// domain reads.
func TestWordsOfTheContractAreTheDomains(t *testing.T) {
	document := contract(t)
	schemas, parameters := document.Components.Schemas, document.Components.Parameters
	deleted := document.Paths.Value("/users").Get.Parameters.GetByInAndName("query", "deleted")
	order := document.Paths.Value("/organizations").Get.Parameters.GetByInAndName("query", "sort")
	for name, c := range map[string]struct {
		words []any
		parse func(string) error
		count int
	}{
		"statuses":                {schemas["Status"].Value.Enum, parses(domain.ParseStatus), 2},
		"roles":                   {schemas["Role"].Value.Enum, parses(domain.ParseRole), 3},
		"orders of users":         {parameters["UserSort"].Value.Schema.Value.Enum, parses(domain.ParseUserOrder), 8},
		"ways of counting":        {parameters["Total"].Value.Schema.Value.Enum, parses(domain.ParseCounting), 4},
		"choices of deleted":      {deleted.Schema.Value.Enum, parses(domain.ParseDeletion), 3},
		"orders of organizations": {order.Schema.Value.Enum, parses(domain.ParseOrganizationOrder), 6},
	} {
		for _, word := range c.words {
			if err := c.parse(word.(string)); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		if len(c.words) != c.count {
			t.Errorf("the contract has %d %s, want %d", len(c.words), name, c.count)
		}
	}
}

func TestFieldsOfTheContractAreMembersOfAUser(t *testing.T) {
	fields := contract(t).Components.Schemas["UserField"].Value.Enum
	user := domain.User{ExternalID: domain.MustParse(domain.ParseExternalID("x")), Version: 1}
	user.DeletedAt = user.DeletedAt.AddDate(2000, 0, 0)
	for i, field := range fields {
		if got := string(appendUser(nil, &user, 1<<i)); !strings.HasPrefix(got, `{"`+field.(string)+`":`) {
			t.Errorf("field %d is %v, and shown as %s", i, field, got)
		}
	}
	if allFields != 1<<len(fields)-1 {
		t.Errorf("the contract has %d fields, not those of %b", len(fields), allFields)
	}
}
