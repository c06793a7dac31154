package main

import (
	"fmt"
	"io"
	"time"

	"github.com/schollz/progressbar/v3"
)

// step is the progress of one file.
type step struct {
	name string
	// done of total bytes are read; total is 0 if it is unknown.
	done, total int64
	lines       int64
	storing     bool // all lines are read, and stored now
}

// progress shows the progress of a command: a bar for each file on a terminal,
// and lines at intervals elsewhere.
type progress struct {
	out      io.Writer
	terminal bool
	bar      *progressbar.ProgressBar
	last     step
	now      func() time.Time
	printed  time.Time
}

// progressInterval is the time between two lines of progress.
const progressInterval = 5 * time.Second

func newProgress(out io.Writer) *progress {
	return &progress{out: out, terminal: isTerminal(out), now: time.Now, printed: time.Now()}
}

// show shows a step. It ignores errors, since a command works without progress.
func (p *progress) show(s step) {
	if p.terminal {
		p.draw(s)
	} else if s.storing || p.now().Sub(p.printed) >= progressInterval {
		p.printed = p.now()
		_, _ = fmt.Fprintln(p.out, s)
	}
	p.last = s
}

func (p *progress) draw(s step) {
	if p.bar == nil || p.last.name != s.name {
		p.end()
		size := s.total
		if size == 0 {
			size = -1
		}
		p.bar = progressbar.NewOptions64(
			size, progressbar.OptionSetWriter(p.out), progressbar.OptionSetDescription(s.name),
			progressbar.OptionShowBytes(s.total > 0), progressbar.OptionShowCount(), progressbar.OptionFullWidth(),
			progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionSetPredictTime(s.total > 0),
			progressbar.OptionSetElapsedTime(true), progressbar.OptionSpinnerType(14), progressbar.OptionSetSpinnerChangeInterval(0),
		)
	}
	if s.storing {
		p.bar.Describe(s.name + ": storing")
	}
	done := s.done
	if s.total == 0 {
		done = s.lines
	}
	_ = p.bar.Set64(done)
}

// end leaves the bar on the terminal and begins a new line.
func (p *progress) end() {
	if p.bar == nil {
		return
	}
	_ = p.bar.Exit()
	p.bar = nil
	_, _ = fmt.Fprintln(p.out)
}

// String returns the step as a line of text.
func (s step) String() string {
	text := fmt.Sprintf("%s: %d lines", s.name, s.lines)
	switch {
	case s.storing:
		text += " read, storing"
	case s.total > 0:
		text += fmt.Sprintf(", %d%%", s.done*100/s.total)
	}
	return text
}
