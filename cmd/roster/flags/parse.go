package flags

import (
	"errors"
	"fmt"

	"github.com/spf13/pflag"
)

// ErrHelp says that the arguments ask for help.
var ErrHelp = pflag.ErrHelp

// Parse sets the flags that the arguments give, and returns the arguments that
// are no flags. With stop set it stops at the first of those, which names a
// command that has flags of its own, and returns it with all that follows.
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
	declared := set.VarPF(typed{f, ""}, f.Name, "", f.Help)
	if f.isSwitch() {
		declared.NoOptDefVal = "yes"
	}
	if f.Negatable {
		set.VarPF(typed{f, "no"}, "no-"+f.Name, "", f.Help).NoOptDefVal = "yes"
	}
}

// typed is a flag as what is typed sets it.
type typed struct {
	*Flag
	always string // the value, whatever is typed; "" takes what is
}

// Set implements pflag.Value.
func (t typed) Set(text string) error {
	if t.Origin != FromFlag {
		t.field.SetZero()
	}
	t.Origin = FromFlag
	if t.always != "" {
		text = t.always
	}
	return t.read(text)
}

// String implements pflag.Value.
func (t typed) String() string { return t.Default }

// Type implements pflag.Value.
func (t typed) Type() string { return t.field.Type().String() }

// Take sets an argument.
func (f *Flag) Take(text string) error { return typed{f, ""}.Set(text) }

// Resolve sets the flags that were not typed from their variables. The error
// names each variable whose value can't be taken.
func Resolve(all []*Flag, environ map[string]string) error {
	var faults []error
	for _, f := range all {
		value := environ[f.Variable]
		if f.Variable == "" || value == "" || f.Origin == FromFlag {
			continue
		}
		f.field.SetZero()
		f.Origin = FromEnvironment
		if err := f.read(value); err != nil {
			faults = append(faults, fmt.Errorf("%s=%q: %w", f.Variable, value, err))
		}
	}
	return errors.Join(faults...)
}
