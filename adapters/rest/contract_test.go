package rest

import (
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/roster-directory/roster/domain"
)

func contract(t testing.TB) *openapi3.T {
	t.Helper()
	document, err := openapi3.NewLoader().LoadFromFile("../../docs/openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return document
}

func TestTheContractIsValid(t *testing.T) {
	if err := contract(t).Validate(t.Context(), openapi3.EnableExamplesValidation()); err != nil {
		t.Error(err)
	}
}

func TestEveryOperationIsDescribed(t *testing.T) {
	for path, item := range contract(t).Paths.Map() {
		for method, operation := range item.Operations() {
			if operation.OperationID == "" || operation.Summary == "" || !strings.HasSuffix(operation.Description, ".") || len(operation.Tags) != 1 {
				t.Errorf("%s %s lacks an id, a summary, a description that ends in a full stop, or a tag", method, path)
			}
			for status, response := range operation.Responses.Map() {
				if response.Value.Headers["X-Request-Id"] == nil {
					t.Errorf("%s %s: %s lacks X-Request-Id", method, path, status)
				}
				if problem := response.Value.Content["application/problem+json"]; (problem != nil) != (status >= "400") {
					t.Errorf("%s %s: %s and its media type do not go together", method, path, status)
				}
			}
		}
	}
}

// TestEveryRouteIsInTheContract compares the generated routes with their source:
// it fails after an edit without go generate.
func TestEveryRouteIsInTheContract(t *testing.T) {
	want := map[string]bool{}
	for path, item := range contract(t).Paths.Map() {
		for method := range item.Operations() {
			want[method+" "+path] = true
		}
	}
	for _, each := range new(dispatcher).routes() {
		if !want[each.method+" "+each.path] {
			t.Errorf("%s %s is served and not in the contract; run go generate ./adapters/rest", each.method, each.path)
		}
		delete(want, each.method+" "+each.path)
	}
	for missing := range want {
		t.Errorf("%s is in the contract and not served; run go generate ./adapters/rest", missing)
	}
}

func TestPageSizesOfTheContractAreTheDomains(t *testing.T) {
	parameters := contract(t).Components.Parameters
	for name, size := range map[string]domain.PageSize{
		"ListLimit": domain.DefaultListSize, "SearchLimit": domain.DefaultSearchSize, "ReportLimit": domain.DefaultReportSize,
	} {
		schema := parameters[name].Value.Schema.Value
		if got, ok := schema.Default.(float64); !ok || int(got) != size.Int() {
			t.Errorf("%s is %v by default, and %d in the domain", name, schema.Default, size.Int())
		}
		for n, fits := range map[int]bool{
			int(*schema.Min) - 1: false, int(*schema.Min): true, int(*schema.Max): true, int(*schema.Max) + 1: false,
		} {
			if _, err := domain.ParsePageSize(n); (err == nil) != fits {
				t.Errorf("%s of %d: the contract says %v, the domain %v", name, n, fits, err)
			}
		}
	}
}
