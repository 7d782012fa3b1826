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

// chart has logarithmic axes: growth proportional to the number of codes is a straight line.
type chart struct {
	title, yLabel string
	curves        []curve
}

var colors = map[string]string{variantProvider: "#0b6e4f", variantNoBulkRead: "#c0392b", variantFloor: "#7f8c8d", variantUntuned: "#8e6bbf"}

// labels are the names of the variants, as in the tables.
var labels = map[string]string{variantProvider: "this provider", variantNoBulkRead: "bulk_read = false", variantFloor: "Terraform's floor", variantUntuned: "no I/O, no tuning"}

func (b *bench) plot() error {
	times := chart{title: "Time of a plan without changes, at -parallelism=10", yLabel: "seconds", curves: b.series(seconds, variantProvider, variantNoBulkRead, variantFloor, variantUntuned)}
	counts := chart{title: "Requests of a plan without changes", yLabel: "requests", curves: b.series(requests, variantProvider, variantNoBulkRead)}
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

// series reads the plans at -parallelism=10 from the results.
func (b *bench) series(of func(run) float64, variants ...string) (all []curve) {
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
