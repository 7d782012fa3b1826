package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
)

// curve is one variant's figure over the number of codes.
type curve struct {
	name, color string
	points      []point
}

type point struct{ x, y float64 }

// chart has logarithmic axes, on which growth with the codes is a straight line, and no
// growth is a level one.
type chart struct {
	title, y string
	curves   []curve
}

var colors = map[string]string{ours: "#0b6e4f", naive: "#c0392b", floor: "#7f8c8d", untuned: "#8e6bbf"}

// labels say on a chart what the variants are called in the tables.
var labels = map[string]string{ours: "this provider", naive: "bulk_read = false", floor: "Terraform's floor", untuned: "no I/O, no tuning"}

func (b *bench) plot() error {
	times := chart{title: "Time of a plan without changes, at -parallelism=10", y: "seconds", curves: b.curvesOf(seconds, ours, naive, floor, untuned)}
	counts := chart{title: "Requests of a plan without changes", y: "requests", curves: b.curvesOf(requests, ours, naive)}
	if len(times.curves) == 0 {
		return fmt.Errorf("%s has no plans: run `make bench` first", b.out)
	}
	if err := os.MkdirAll(b.curves, 0o755); err != nil {
		return err
	}
	return errors.Join(
		os.WriteFile(filepath.Join(b.curves, "plan-time.svg"), times.svg(), 0o644),
		os.WriteFile(filepath.Join(b.curves, "plan-requests.svg"), counts.svg(), 0o644),
	)
}

// curvesOf reads the plans at the usual width from the results.
func (b *bench) curvesOf(of func(run) float64, variants ...string) (all []curve) {
	for _, variant := range variants {
		c := curve{name: labels[variant], color: colors[variant]}
		for _, r := range b.results.CLI.Rows {
			if r.Verb == "plan" && r.Variant == variant && r.Parallelism == 10 {
				c.points = append(c.points, point{float64(r.Codes), r.median(of)})
			}
		}
		slices.SortFunc(c.points, func(p, q point) int { return int(p.x - q.x) })
		if len(c.points) > 0 {
			all = append(all, c)
		}
	}
	return all
}
