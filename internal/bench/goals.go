package main

import "fmt"

// goal is a figure that the project has promised itself.
type goal struct {
	what  string
	most  float64
	known bool // measured
	found func() float64
}

func (b *bench) goalTable() string {
	t := table{{"Goal", "At most", "Measured", "Reached"}}
	for _, g := range b.goals() {
		measured, reached := "-", "not measured"
		if g.known {
			found := g.found()
			measured, reached = fmt.Sprintf("%.4g", found), "yes"
			if found > g.most {
				reached = "**no**"
			}
		}
		t.add(g.what, fmt.Sprintf("%g", g.most), measured, reached)
	}
	return t.String()
}

// goals take the least favourable run of counts, and the median of times.
func (b *bench) goals() []goal {
	cli, js := b.results.CLI, b.results.SDK
	plan, planned := cli.find("plan", ours, size{1000, 50}, 10)
	toy, toyed := cli.find("plan", untuned, size{1000, 50}, 10)
	large, largely := cli.find("plan", ours, size{5000, 250}, 10)
	destroy, destroyed := cli.find("destroy", ours, size{200, 20}, 200)
	forget, forgot := cli.find("destroy", floor, size{200, 20}, 200)
	script, scripted := js.find("destroy", sdk, size{200, 20}, 200)
	return []goal{
		{"Requests of a plan of 1,000 codes on 50 locks", 60, planned, func() float64 { return plan.most(requests) }},
		{"Time of that plan, over one by a provider without any I/O and tuning", 1, planned && toyed, func() float64 { return plan.over(toy, seconds) }},
		{"Requests of a plan of 5,000 codes on 250 locks", 260, largely, func() float64 { return large.most(requests) }},
		{"Peak memory of the provider in that plan, MB", 150, largely, func() float64 { return large.most(peak) }},
		{"Time of a destroy of 200 codes on 20 locks at -parallelism=200, over Terraform's floor + the removal time", 1.5, destroyed && forgot, func() float64 { return destroy.over(forget, b.andRemoval) }},
		{"Polls of action attempts in that destroy", 40, destroyed, func() float64 { return destroy.most(polls) }},
		{"Requests of that destroy, over those of the script with the JavaScript SDK", 0.5, destroyed && scripted, func() float64 { return destroy.most(requests) / script.least(requests) }},
	}
}
