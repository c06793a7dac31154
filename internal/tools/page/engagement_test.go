package page_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/roster-directory/roster/internal/tools/page/browser"
)

// drawn counts the pixels of a chart that are not transparent.
const drawn = `(() => { const c = document.querySelector('canvas'), d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;
	let n = 0; for (let i = 3; i < d.length; i += 4) n += d[i] > 0; return n })()`

func TestTheChartOfEngagementIsReadByKeysAndHasItsTable(t *testing.T) {
	t.Parallel()
	roster, tab := serve(t, people)
	type line struct {
		Organization string
		Events       int
		Series       []struct{ Events int }
	}
	tab.Open("/admin#/engagement")
	tab.See("table", "Engagement by organization")
	tab.Choose("Time zone", "UTC")
	tab.Settle()
	tab.Activate("button", "7 days")
	tab.SeeAddress("from=")
	tab.Settle()
	days := browser.Evaluate[[]string](tab, `[...document.querySelectorAll('input[type=date]')].map((input) => input.value)`)
	report := fmt.Sprintf("/reports/engagement?from=%sT00:00:00Z&to=%sT23:59:59.999999Z&bucket=day&limit=5", days[0], days[1])
	lines := ask[[]line](t, roster, "GET", report, "")
	if lines[0].Events == 0 {
		t.Fatal("the sample has no events in the last seven days")
	}
	tab.Reach("image", "Events by day…")
	tab.Press(browser.Home)
	for day := range 2 {
		want := fmt.Sprintf("%s %d", lines[0].Organization, lines[0].Series[day].Events)
		if status := strings.Join(tab.Texts("status"), "\n"); !strings.Contains(status, want) {
			t.Errorf("day %d is read as %q, without %q", day, status, want)
		}
		tab.Press(browser.Right)
	}
	if n := browser.Evaluate[int](tab, drawn); n < 500 {
		t.Errorf("the chart has %d drawn pixels", n)
	}
	tab.Choose("Drawn as", "Bars")
	tab.SeeAddress("chart=bars")
	if n := browser.Evaluate[int](tab, drawn); n < 500 {
		t.Errorf("the bars have %d drawn pixels", n)
	}
	figures := browser.Evaluate[[][]string](tab, `[...document.querySelectorAll('figure table tbody tr')]
		.map((row) => [...row.cells].map((cell) => cell.textContent))`)
	if len(figures) != 7 {
		t.Fatalf("the table of figures has %d rows, not 7", len(figures))
	}
	for day, row := range figures {
		if want := fmt.Sprint(lines[0].Series[day].Events); row[1] != want {
			t.Errorf("day %d: the table has %q, not %s", day, row, want)
		}
	}
	tab.Choose("Bucket", "week")
	tab.See("image", "Events by week…")
	tab.Reload()
	tab.See("image", "Events by week…") // the address holds the state
	tab.SeeValue("combobox", "Drawn as", "bars")
}

func TestActivityCountsPeopleAndEvents(t *testing.T) {
	t.Parallel()
	_, tab := serve(t, people)
	tab.Open("/admin#/activity")
	tab.See("image", "Events a day…")
	tab.See("image", "People at the end of each month…")
	tab.Settle()
	tab.Activate("link", "suspended")
	tab.SeeAddress("status=suspended")
	tab.See("table", "People")
}
