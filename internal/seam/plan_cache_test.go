package seam

import (
	"testing"
	"time"
)

func TestPlanCache_peakOccupancy(t *testing.T) {
	day := func(n int) (at time.Time) {
		if n > 0 {
			at = time.Date(2030, 1, n, 0, 0, 0, 0, time.UTC)
		}
		return at
	}
	type stays [][2]int // days of start and end; 0 for none
	for name, c := range map[string]struct {
		held   stays
		during [2]int
		want   int64
	}{
		"none":                       {nil, [2]int{}, 0},
		"ongoing":                    {stays{{0, 0}, {0, 0}}, [2]int{}, 2},
		"one after the other":        {stays{{2, 3}, {1, 2}, {3, 4}}, [2]int{}, 1},
		"at the same time":           {stays{{1, 3}, {2, 4}, {3, 5}}, [2]int{}, 2},
		"a stay beside ongoing ones": {stays{{0, 0}, {1, 2}, {2, 3}}, [2]int{2, 3}, 2},
		"all before":                 {stays{{1, 2}, {1, 2}}, [2]int{2, 3}, 0},
		"all after":                  {stays{{3, 4}, {3, 0}}, [2]int{2, 3}, 0},
		"busier before":              {stays{{1, 2}, {1, 2}, {1, 5}}, [2]int{3, 4}, 1},
		"without an end":             {stays{{1, 0}, {2, 0}, {2, 3}}, [2]int{4, 0}, 2},
	} {
		var all []ExistingCode
		for _, s := range c.held {
			all = append(all, ExistingCode{AccessCode: AccessCode{StartsAt: Timestamp{day(s[0])}, EndsAt: Timestamp{day(s[1])}}})
		}
		if got := PeakOccupancy(all, day(c.during[0]), day(c.during[1])); got != c.want {
			t.Errorf("%s: %d at once, want %d", name, got, c.want)
		}
	}
}
