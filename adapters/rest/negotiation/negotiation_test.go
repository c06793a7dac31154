package negotiation

import (
	"errors"
	"net/http"
	"strings"
	"testing"
)

func TestARequestThatAcceptsNoResponseIsRefused(t *testing.T) {
	header := http.Header{"Accept": {"text/html"}, "Accept-Encoding": {"*;q=0"}}
	if err := Check(header); err != nil {
		t.Error(err)
	}
	for want, offers := range map[string][]string{"Accept-Encoding": {"text/html"}, "a/b or c/d": {"a/b", "c/d"}} {
		refused, ok := errors.AsType[*NotAcceptableError](Check(header, offers...))
		if !ok || !strings.Contains(refused.Detail, want) {
			t.Errorf("the refusal of %v does not name %s: %v", offers, want, refused)
		}
	}
}
