package main

import (
	"fmt"
	"html"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Layout in pixels: the axes with their labels on the left and at the bottom, the names of the
// curves on the right.
const (
	width, height                    = 760, 420
	left, right                      = 70, 540
	top, bottom                      = 56, 360
	lineHeight                       = 17
	background, textColor, gridColor = "#ffffff", "#24292f", "#d0d7de"
)

// axis maps values to positions, logarithmically.
type axis struct{ low, high, from, to float64 }

func (a axis) at(value float64) float64 {
	return a.from + (a.to-a.from)*math.Log(value/a.low)/math.Log(a.high/a.low)
}

// ticks are 1, 2 and 5 of each decade on the axis.
func (a axis) ticks() (all []float64) {
	const slack = 1.001 // for rounding errors
	for decade := math.Pow(10, math.Floor(math.Log10(a.low))); decade <= a.high*slack; decade *= 10 {
		for _, step := range []float64{1, 2, 5} {
			if tick := decade * step; tick*slack >= a.low && tick <= a.high*slack {
				all = append(all, tick)
			}
		}
	}
	return all
}

// newAxis is an axis with all values, from one tick to another.
func newAxis(values []float64, from, to float64) axis {
	ticks := axis{low: slices.Min(values) / 10, high: slices.Max(values) * 10}.ticks()
	a := axis{from: from, to: to}
	for _, tick := range ticks {
		if tick <= slices.Min(values) {
			a.low = tick
		}
		if a.high < slices.Max(values) {
			a.high = tick
		}
	}
	return a
}

func (c chart) svg() []byte {
	var xs, ys []float64
	for _, curve := range c.curves {
		for _, p := range curve.points {
			xs, ys = append(xs, p.x), append(ys, p.y)
		}
	}
	slices.Sort(xs)
	xs = slices.Compact(xs)
	x := axis{xs[0], max(xs[len(xs)-1], xs[0]*2), left, right}
	y := newAxis(ys, bottom, top)
	var out strings.Builder
	fmt.Fprintf(&out, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" font-family="sans-serif" font-size="13" fill="%s">`+"\n", width, height, width, height, textColor)
	fmt.Fprintf(&out, `<rect width="%d" height="%d" fill="%s"/>`+"\n", width, height, background)
	fmt.Fprintf(&out, `<text x="%d" y="24" font-size="16" font-weight="bold">%s</text>`+"\n", left, html.EscapeString(c.title))
	fmt.Fprintf(&out, `<text x="%d" y="44" fill="#57606a">%s</text>`+"\n", left, html.EscapeString(c.yLabel))
	for _, tick := range y.ticks() {
		fmt.Fprintf(&out, `<path d="M%d %.1fH%d" stroke="%s"/><text x="%d" y="%.1f" text-anchor="end">%s</text>`+"\n", left, y.at(tick), right, gridColor, left-8, y.at(tick)+4, formatDecimal(tick))
	}
	for _, tick := range xs {
		fmt.Fprintf(&out, `<path d="M%.1f %dV%d" stroke="%s"/><text x="%.1f" y="%d" text-anchor="middle">%s</text>`+"\n", x.at(tick), top, bottom, gridColor, x.at(tick), bottom+20, formatDecimal(tick))
	}
	fmt.Fprintf(&out, `<text x="%d" y="%d" text-anchor="middle" fill="#57606a">access codes, 20 on each lock (both axes are logarithmic)</text>`+"\n", (left+right)/2, bottom+44)
	for _, curve := range c.curves {
		out.WriteString(curve.svg(x, y))
	}
	out.WriteString(c.legend(y))
	out.WriteString("</svg>\n")
	return []byte(out.String())
}

func (c curve) svg(x, y axis) string {
	var line, dots strings.Builder
	for i, p := range c.points {
		line.WriteString(string("ML"[min(i, 1)]) + fmt.Sprintf("%.1f %.1f", x.at(p.x), y.at(p.y)))
		fmt.Fprintf(&dots, `<circle cx="%.1f" cy="%.1f" r="3.5" fill="%s"/>`, x.at(p.x), y.at(p.y), c.color)
	}
	return fmt.Sprintf(`<path d="%s" fill="none" stroke="%s" stroke-width="2.5"/>%s`+"\n", line.String(), c.color, dots.String())
}

// legend writes each name at the end of its curve, moved down where two would overlap.
func (c chart) legend(y axis) string {
	ends := slices.Clone(c.curves)
	end := func(c curve) float64 { return y.at(c.points[len(c.points)-1].y) }
	slices.SortFunc(ends, func(a, b curve) int { return int(end(a)*10 - end(b)*10) })
	var out strings.Builder
	for i, free := 0, float64(top); i < len(ends); i++ {
		at := max(end(ends[i]), free)
		free = at + lineHeight
		last := ends[i].points[len(ends[i].points)-1].y
		fmt.Fprintf(&out, `<text x="%d" y="%.1f" fill="%s" font-weight="bold">%s: %s</text>`+"\n", right+10, at+4, ends[i].color, formatDecimal(roundSignificant(last)), html.EscapeString(ends[i].name))
	}
	return out.String()
}

// roundSignificant rounds to two significant digits, the precision of a chart.
func roundSignificant(x float64) float64 {
	unit := math.Pow(10, math.Floor(math.Log10(x))-1)
	return math.Round(x/unit) * unit
}

// formatDecimal formats a number with a comma between thousands.
func formatDecimal(x float64) string {
	text := strconv.FormatFloat(math.Round(x*100)/100, 'f', -1, 64)
	whole, fraction, fractional := strings.Cut(text, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if fractional {
		return whole + "." + fraction
	}
	return whole
}
