package main

import (
	"fmt"
	"io"
	"os"
	"strings"
)

// printer prints the steps, in color only on a terminal without NO_COLOR.
type printer struct {
	out    io.Writer
	colour bool
}

const (
	bold  = "1"
	faint = "2"
	red   = "31"
	green = "32"
)

func newPrinter(out *os.File) *printer {
	info, err := out.Stat()
	terminal := err == nil && info.Mode()&os.ModeCharDevice != 0
	return &printer{out: out, colour: terminal && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"}
}

func (p *printer) styled(style, text string) string {
	if !p.colour {
		return text
	}
	return "\x1b[" + style + "m" + text + "\x1b[0m"
}

func (p *printer) line(text string) { _, _ = fmt.Fprintln(p.out, text) }

// heading starts a step.
func (p *printer) heading(title string) { p.line("\n" + p.styled(bold, "==> "+title)) }

// quote prints the output of another program, indented.
func (p *printer) quote(text string) {
	for line := range strings.Lines(text) {
		p.line(strings.TrimRight("      "+p.styled(faint, "| ")+strings.TrimRight(line, "\n"), " "))
	}
}

// check prints a message with a mark for success or failure.
func (p *printer) check(ok bool, format string, args ...any) {
	mark := p.styled(green, "✓")
	if !ok {
		mark = p.styled(red, "✗")
	}
	p.line("    " + mark + " " + fmt.Sprintf(format, args...))
}
