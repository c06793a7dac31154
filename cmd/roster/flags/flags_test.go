package flags_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/roster-directory/roster/cmd/roster/flags"
)

type pool struct {
	MaxConns int32         `env:"X_MAX" default:"20" help:"Most connections."`
	Idle     time.Duration `name:"idle-time" env:"X_IDLE" default:"10m"`
}

type config struct {
	Pool    pool     `group:"Pool"`
	Port    uint16   `env:"X_PORT" default:"3000"`
	Hosts   []string `env:"X_HOSTS" placeholder:"NAME" help:"Who."`
	Migrate bool     `env:"X_MIGRATE" default:"yes" negatable:"" help:"Whether."`
	Force   bool     `env:"X_FORCE" help:"Do it."`
	Format  string   `enum:"ndjson,csv" default:"ndjson"`
	Seed    uint64   `default:"1"`
	Users   int      `placeholder:"N"`
	Color   string   `placeholder:"COLOR" default:"red" help:"Color."`
	Folder  string   `arg:"" help:"Where."`
	Other   *pool
}

func defaults() config {
	return config{Pool: pool{20, 10 * time.Minute}, Port: 3000, Migrate: true, Format: "ndjson", Seed: 1, Color: "red"}
}

func TestAFlagWinsOverItsVariableAndThatOverTheDefault(t *testing.T) {
	for name, c := range map[string]struct {
		args    string
		environ map[string]string
		rest    string
		want    func(*config)
	}{
		"nothing": {want: func(*config) {}},
		"flags": {args: "--max-conns 7 --idle-time=90s --port 1", want: func(c *config) {
			c.Pool, c.Port = pool{7, 90 * time.Second}, 1
		}},
		"variables": {environ: map[string]string{"X_MAX": "8", "X_IDLE": "1h", "X_PORT": "2"}, want: func(c *config) {
			c.Pool, c.Port = pool{8, time.Hour}, 2
		}},
		"a flag and its variable": {args: "--max-conns 7", environ: map[string]string{"X_MAX": "8"}, want: func(c *config) {
			c.Pool.MaxConns = 7
		}},
		"an empty variable":    {environ: map[string]string{"X_MAX": ""}, want: func(*config) {}},
		"switches":             {args: "--force --no-migrate", want: func(c *config) { c.Force, c.Migrate = true, false }},
		"switches with values": {args: "--force=TRUE --migrate=no", want: func(c *config) { c.Force, c.Migrate = true, false }},
		"switches of variables": {environ: map[string]string{"X_FORCE": "1", "X_MIGRATE": "0"}, want: func(c *config) {
			c.Force, c.Migrate = true, false
		}},
		"a list": {args: "--hosts a,b", want: func(c *config) { c.Hosts = []string{"a", "b"} }},
		"a list in parts": {args: "--hosts a --hosts b", environ: map[string]string{"X_HOSTS": "c"}, want: func(c *config) {
			c.Hosts = []string{"a", "b"}
		}},
		"a list of a variable":  {environ: map[string]string{"X_HOSTS": "c,d"}, want: func(c *config) { c.Hosts = []string{"c", "d"} }},
		"a choice":              {args: "--format csv", want: func(c *config) { c.Format = "csv" }},
		"numbers":               {args: "--seed 9 --users -3", want: func(c *config) { c.Seed, c.Users = 9, -3 }},
		"arguments among flags": {args: "people --format csv more", rest: "people more", want: func(c *config) { c.Format = "csv" }},
		"two dashes":            {args: "-- --force", rest: "--force", want: func(*config) {}},
	} {
		t.Run(name, func(t *testing.T) {
			var got config
			all := flags.Of(&got, nil)
			rest, err := flags.Parse(all, strings.Fields(c.args), false)
			if err != nil {
				t.Fatal(err)
			}
			if err := flags.Resolve(all, c.environ); err != nil {
				t.Fatal(err)
			}
			want := defaults()
			c.want(&want)
			if !reflect.DeepEqual(got, want) || strings.Join(rest, " ") != c.rest {
				t.Errorf("got %+v and %q, not %+v and %q", got, rest, want, c.rest)
			}
		})
	}
}

func TestInvalidArgumentsAreNamed(t *testing.T) {
	for args, want := range map[string]string{
		"--no-such-flag":   "unknown flag --no-such-flag",
		"-x":               "unknown flag -x",
		"--idle-time abc":  "--idle-time abc: write a duration",
		"--port 70000":     "--port 70000: the number is out of range",
		"--max-conns many": "--max-conns many: write a whole number",
		"--force=perhaps":  "--force perhaps: write yes or no",
		"--format xml":     "--format xml: it must be one of ndjson, csv",
		"--seed -1":        "--seed -1: write a whole number",
		"--users":          "--users",
	} {
		if _, err := flags.Parse(flags.Of(new(config), nil), strings.Fields(args), false); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: the error is %v, not %q", args, err, want)
		}
	}
}

func TestAllInvalidVariablesAreNamed(t *testing.T) {
	err := flags.Resolve(flags.Of(new(config), nil), map[string]string{"X_MAX": "many", "X_MIGRATE": "perhaps"})
	if err == nil || err.Error() != "X_MAX=\"many\": write a whole number\nX_MIGRATE=\"perhaps\": write yes or no" {
		t.Errorf("the error is %v", err)
	}
}

func TestTheFlagForHelpMayStandAnywhere(t *testing.T) {
	for _, args := range []string{"-h", "--help", "people --help"} {
		if _, err := flags.Parse(flags.Of(new(config), nil), strings.Fields(args), false); !errors.Is(err, flags.ErrHelp) {
			t.Errorf("%s: the error is %v", args, err)
		}
	}
}

func TestArgumentsAfterACommandAreLeft(t *testing.T) {
	rest, err := flags.Parse(flags.Of(new(pool), nil), []string{"--max-conns", "3", "serve", "--port", "4"}, true)
	if err != nil || strings.Join(rest, " ") != "serve --port 4" {
		t.Errorf("left are %q, %v", rest, err)
	}
}

func TestOriginsAreKept(t *testing.T) {
	all := flags.Of(new(config), nil)
	if _, err := flags.Parse(all, []string{"--port", "1"}, false); err != nil {
		t.Fatal(err)
	}
	if err := flags.Resolve(all, map[string]string{"X_MAX": "1", "X_PORT": "2"}); err != nil {
		t.Fatal(err)
	}
	want := map[string]flags.Origin{"max-conns": flags.FromEnvironment, "port": flags.FromFlag, "hosts": flags.FromDefault}
	for _, f := range all {
		if origin, listed := want[f.Name]; listed && f.Origin != origin {
			t.Errorf("%s is from %s, not %s", f.Name, f.Origin, origin)
		}
	}
}

func TestArgumentsAreSet(t *testing.T) {
	var c config
	for _, f := range flags.Of(&c, nil) {
		if f.Argument {
			if err := f.SetArgument("people"); err != nil || f.Value() != "people" {
				t.Errorf("%s is %v, %v", f.Name, f.Value(), err)
			}
		}
	}
	if c.Folder != "people" {
		t.Errorf("the folder is %q", c.Folder)
	}
}

func TestTheHelpShowsHowFlagsAreTyped(t *testing.T) {
	var text strings.Builder
	flags.Describe(&text, flags.Of(new(config), map[string]string{"X_PORT": "Port to listen on."}))
	for _, part := range []string{
		"\nFlags:\n  -h, --help               Show this help.\n  --port=3000              Port to listen on. [$X_PORT]\n",
		"\nPool:\n  --max-conns=20           Most connections. [$X_MAX]\n",
		"--idle-time=10m", "--hosts=NAME,...", "--[no-]migrate", "  --force   ", `--format="ndjson"`, "--users=N", "Color. (default red)",
	} {
		if !strings.Contains(text.String(), part) {
			t.Errorf("%q is not in\n%s", part, text.String())
		}
	}
	if strings.Contains(text.String(), "\n:\n") {
		t.Error("a heading is empty")
	}
	if strings.Contains(text.String(), "folder") {
		t.Error("an argument is among the flags")
	}
}

func TestLinesAreWrapped(t *testing.T) {
	got := flags.Wrap(strings.Repeat("seven77 ", 12), 10)
	for i, line := range strings.Split(got, "\n") {
		if len(line) > 80 || i > 0 && !strings.HasPrefix(line, strings.Repeat(" ", 10)+"s") {
			t.Errorf("line %d is %q", i, line)
		}
	}
	var text strings.Builder
	flags.Line(&text, "--a-name-that-is-quite-a-bit-too-long", "Means.")
	if text.String() != "  --a-name-that-is-quite-a-bit-too-long\n"+strings.Repeat(" ", 27)+"Means.\n" {
		t.Errorf("got %q", text.String())
	}
}

func TestAnInvalidDeclarationPanics(t *testing.T) {
	type badDefault struct {
		N int `default:"x"`
	}
	type badType struct {
		M map[string]string `default:"x"`
	}
	for _, config := range []any{new(badDefault), new(badType)} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%T is accepted", config)
				}
			}()
			flags.Of(config, nil)
		}()
	}
}
