package flags

import (
	"errors"
	"fmt"

	"github.com/spf13/pflag"
)

// ErrHelp is returned if the arguments contain -h or --help.
var ErrHelp = pflag.ErrHelp

// Parse sets the flags of the arguments, and returns the arguments that are no
// flags. With stop it stops at the first of those, the name of a command with its
// own flags, and returns it with all that follow.
func Parse(all []*Flag, args []string, stop bool) (rest []string, err error) {
	set := pflag.NewFlagSet("", pflag.ContinueOnError)
	set.SetInterspersed(!stop)
	set.Usage = func() {}
	for _, f := range all {
		if !f.Argument {
			f.declare(set)
		}
	}
	err = set.Parse(args)
	if unknown, ok := errors.AsType[*pflag.NotExistError](err); ok {
		return nil, fmt.Errorf("unknown flag %s", dashes(unknown.GetSpecifiedName()))
	}
	if invalid, ok := errors.AsType[*pflag.InvalidValueError](err); ok {
		return nil, fmt.Errorf("--%s %s: %w", invalid.GetFlag().Name, invalid.GetValue(), invalid.Unwrap())
	}
	if err != nil {
		return nil, err
	}
	return set.Args(), nil
}

func dashes(name string) string {
	if len(name) == 1 {
		return "-" + name
	}
	return "--" + name
}

func (f *Flag) declare(set *pflag.FlagSet) {
	declared := set.VarPF(value{f, ""}, f.Name, "", f.Help)
	if f.isSwitch() {
		declared.NoOptDefVal = "yes"
	}
	if f.Negatable {
		set.VarPF(value{f, "no"}, "no-"+f.Name, "", f.Help).NoOptDefVal = "yes"
	}
}

// value implements pflag.Value.
type value struct {
	*Flag
	fixed string // the value to set, such as "no" for --no-NAME; empty: the typed text
}

// Set implements pflag.Value.
func (v value) Set(text string) error {
	if v.Origin != FromFlag {
		v.field.SetZero()
	}
	v.Origin = FromFlag
	if v.fixed != "" {
		text = v.fixed
	}
	return v.read(text)
}

// String implements pflag.Value.
func (v value) String() string { return v.Default }

// Type implements pflag.Value.
func (v value) Type() string { return v.field.Type().String() }

// SetArgument sets an argument.
func (f *Flag) SetArgument(text string) error { return value{f, ""}.Set(text) }

// Resolve sets the flags that were not typed from their variables. The error names
// each variable with an invalid value.
func Resolve(all []*Flag, environ map[string]string) error {
	var faults []error
	for _, f := range all {
		text := environ[f.Variable]
		if f.Variable == "" || text == "" || f.Origin == FromFlag {
			continue
		}
		f.field.SetZero()
		f.Origin = FromEnvironment
		if err := f.read(text); err != nil {
			faults = append(faults, fmt.Errorf("%s=%q: %w", f.Variable, text, err))
		}
	}
	return errors.Join(faults...)
}
