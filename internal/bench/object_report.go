package main

import (
	"fmt"
	"maps"
	"slices"
)

// objectReport is the part about objects of one kind; empty if they have not been measured.
func objectReport(title, head string, s section) string {
	if len(s.Rows) == 0 {
		return ""
	}
	return "### " + title + "\n\n" + objectTable(head, s) + routeTable(s)
}

func objectTable(head string, s section) string {
	t := table{{"Command", head, "-parallelism", "What", "Time, s: least", "median", "Times floor", "CPU, s: CLI", "provider", "Requests", "Provider's peak, MB", "Runs"}}
	for _, r := range s.Rows {
		t.add(r.Verb, r.scale(), fmt.Sprint(r.Parallelism), r.Variant, formatNumber(r.min(seconds)), formatNumber(r.median(seconds)), s.timesFloor(r), formatNumber(r.median(cliCPU)), formatNumber(r.median(ownCPU)), formatRange(r, requests), formatMemory(r), fmt.Sprint(len(r.Runs)))
	}
	return t.String()
}

// routeTable shows the requests of this provider by route, with a column for each row of results.
func routeTable(s section) string {
	head, routes := []string{"Requests by route"}, map[string]bool{}
	rows := slices.DeleteFunc(slices.Clone(s.Rows), func(r row) bool { return r.Variant != variantProvider })
	for _, r := range rows {
		head = append(head, fmt.Sprintf("%s %s, -parallelism=%d", r.Verb, r.scale(), r.Parallelism))
		for _, one := range r.Runs {
			for path := range one.Paths {
				routes[path] = true
			}
		}
	}
	t := table{head}
	for _, path := range slices.Sorted(maps.Keys(routes)) {
		cells := []string{"`" + path + "`"}
		for _, r := range rows {
			cells = append(cells, formatRange(r, requestsTo(path)))
		}
		t.add(cells...)
	}
	return t.String()
}
