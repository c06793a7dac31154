package main

import (
	"fmt"
	"io"
	"time"

	"github.com/schollz/progressbar/v3"
)

// step is how far one file is.
type step struct {
	name string
	// done of of bytes are read; of is 0 where nobody knows how many there are.
	done, of int64
	lines    int64
	storing  bool
}

// progress shows how far a command is: a bar a file on a terminal, lines now
// and then elsewhere.
type progress struct {
	out      io.Writer
	terminal bool
	bar      *progressbar.ProgressBar
	last     step
	printed  time.Time
}

// progressPause is how long a progress that is not on a terminal keeps still.
const progressPause = 5 * time.Second

func newProgress(out io.Writer) *progress {
	return &progress{out: out, terminal: isTerminal(out), printed: time.Now()}
}

// show draws a step. That it can't be drawn harms nothing.
func (p *progress) show(now step) {
	if p.terminal {
		p.draw(now)
	} else if now.storing || time.Since(p.printed) >= progressPause {
		p.printed = time.Now()
		_, _ = fmt.Fprintln(p.out, now)
	}
	p.last = now
}

func (p *progress) draw(now step) {
	if p.bar == nil || p.last.name != now.name {
		p.end()
		size := now.of
		if size == 0 {
			size = -1
		}
		p.bar = progressbar.NewOptions64(
			size, progressbar.OptionSetWriter(p.out), progressbar.OptionSetDescription(now.name),
			progressbar.OptionShowBytes(now.of > 0), progressbar.OptionShowCount(), progressbar.OptionFullWidth(),
			progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionSetPredictTime(now.of > 0),
			progressbar.OptionSetElapsedTime(true), progressbar.OptionSpinnerType(14), progressbar.OptionSetSpinnerChangeInterval(0),
		)
	}
	if now.storing {
		p.bar.Describe(now.name + ": storing")
	}
	done := now.done
	if now.of == 0 {
		done = now.lines
	}
	_ = p.bar.Set64(done)
}

// end leaves what is drawn on the terminal, and goes on to the next line.
func (p *progress) end() {
	if p.bar == nil {
		return
	}
	_ = p.bar.Exit()
	p.bar = nil
	_, _ = fmt.Fprintln(p.out)
}

// String is the step as a plain line.
func (s step) String() string {
	text := fmt.Sprintf("%s: %d lines", s.name, s.lines)
	switch {
	case s.storing:
		text += " read, storing"
	case s.of > 0:
		text += fmt.Sprintf(", %d%%", s.done*100/s.of)
	}
	return text
}
