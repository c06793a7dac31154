package main

import (
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/roster-directory/roster/cmd/roster/settings"
)

func TestTheReferenceOfSettingsIsUpToDate(t *testing.T) {
	_, page, _ := roster(t, nil, "docs")
	kept, err := os.ReadFile("../../docs/configuration.md")
	if err != nil {
		t.Fatal(err)
	}
	if page != string(kept) {
		t.Error("docs/configuration.md is not what the settings' declarations say: run go generate ./cmd/roster")
	}
}

func TestEverySettingIsAVariableAndAFlagOfServe(t *testing.T) {
	_, help, _ := roster(t, nil, "serve", "--help")
	_, page, _ := roster(t, nil, "docs")
	var visit func(reflect.Type)
	visit = func(section reflect.Type) {
		for i := range section.NumField() {
			field := section.Field(i)
			if field.Type.Kind() == reflect.Struct && field.Tag.Get("env") == "" {
				visit(field.Type)
				continue
			}
			variable := field.Tag.Get("env")
			if settings.Help[variable] == "" {
				t.Errorf("%s.%s has no help", section.Name(), field.Name)
			}
			if variable == "" || !strings.Contains(help, "[$"+variable+"]") || !strings.Contains(page, "`"+variable+"`") {
				t.Errorf("%s.%s has the variable %q, which the help of serve or the reference lacks", section.Name(), field.Name, variable)
			}
		}
	}
	visit(reflect.TypeFor[settings.Config]())
	visit(reflect.TypeFor[settings.Log]())
}

func TestTheDefaultsAreTheOnesOfTheDesign(t *testing.T) {
	_, config, _ := roster(t, nil, "config")
	for variable, value := range map[string]string{
		"ROSTER_POOL_MAX_CONNS": "20", "ROSTER_POOL_MIN_IDLE_CONNS": "5", "ROSTER_POOL_IDLE_TIME": "10m", "ROSTER_POOL_LIFETIME": "30m",
		"PORT": "3000", "ROSTER_AUTH": "none", "ROSTER_INSECURE": "no", "ROSTER_MIGRATE": "yes", "ROSTER_ACCESS_LOG": "no",
		"ROSTER_COALESCE": "on", "ROSTER_SHUTDOWN": "25s", "ROSTER_DRAIN_DELAY": "5s", "ROSTER_LINGER": "5s",
	} {
		if !containsFields(config, variable, value, "default") {
			t.Errorf("%s is not %s by default:\n%s", variable, value, config)
		}
	}
}

// containsFields reports whether a line of text is made of the words.
func containsFields(text string, words ...string) bool {
	for line := range strings.Lines(text) {
		if reflect.DeepEqual(strings.Fields(line), words) {
			return true
		}
	}
	return false
}

func TestTheEnvironmentOfTheTestIsNotRead(t *testing.T) {
	t.Setenv("ROSTER_POOL_MAX_CONNS", "9")
	if _, config, _ := roster(t, nil, "config"); !containsFields(config, "ROSTER_POOL_MAX_CONNS", "20", "default") {
		t.Errorf("a variable that was not passed is in force:\n%s", config)
	}
}

func TestDurationsAreShownShortly(t *testing.T) {
	for duration, want := range map[time.Duration]string{
		0: "0s", 500 * time.Millisecond: "500ms", time.Second: "1s", 90 * time.Second: "1m30s", 10 * time.Minute: "10m",
		time.Hour: "1h", time.Hour + time.Second: "1h0m1s",
	} {
		if got := shortDuration(duration); got != want {
			t.Errorf("%v is shown as %s, not %s", duration, got, want)
		}
		if parsed, err := time.ParseDuration(shortDuration(duration)); err != nil || parsed != duration {
			t.Errorf("%v is shown as %s, which is read as %v, %v", duration, shortDuration(duration), parsed, err)
		}
	}
}

func TestAMisspeltNameLeadsToTheNearest(t *testing.T) {
	names := []string{"ROSTER_ADDR", "ROSTER_AUTH", "ROSTER_LOG", "ROSTER_LOG_FORMAT"}
	for word, want := range map[string]string{
		"ROSTER_ADDRESS": "ROSTER_ADDR", "ROSTER_ATUH": "ROSTER_AUTH",
		"ROSTER_LOGFORMAT": "ROSTER_LOG_FORMAT", "ROSTER_LOGS": "ROSTER_LOG", "ROSTER_FROBNICATE": "",
	} {
		if got := nearest(word, names); got != want {
			t.Errorf("%s leads to %s, not %s", word, got, want)
		}
	}
}
