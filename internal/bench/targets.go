package main

import "fmt"

// target is a performance limit of this project.
type target struct {
	description string
	limit       float64
	measured    bool
	value       func() float64
}

func (b *bench) targetTable() string {
	t := table{{"Goal", "At most", "Measured", "Reached"}}
	for _, g := range b.targets() {
		measured, reached := "-", "not measured"
		if g.measured {
			value := g.value()
			measured, reached = fmt.Sprintf("%.4g", value), "yes"
			if value > g.limit {
				reached = "**no**"
			}
		}
		t.add(g.description, fmt.Sprintf("%g", g.limit), measured, reached)
	}
	return t.String()
}

// targets use the worst run of counts and the median of times.
func (b *bench) targets() []target {
	cli, grants, js := b.results.CLI, b.results.Grants, b.results.SDK
	plan, hasPlan := cli.find("plan", variantProvider, scale{1000, 50}, 10)
	untuned, hasUntuned := cli.find("plan", variantUntuned, scale{1000, 50}, 10)
	floor, hasFloor := cli.find("plan", variantFloor, scale{1000, 50}, 10)
	largeFloor, hasLargeFloor := cli.find("plan", variantFloor, scale{5000, 250}, 10)
	grantFloor, hasGrantFloor := grants.find("plan", variantFloor, scale{1000, 50}, 10)
	large, hasLarge := cli.find("plan", variantProvider, scale{5000, 250}, 10)
	destroy, hasDestroy := cli.find("destroy", variantProvider, scale{200, 20}, 200)
	noop, hasNoop := cli.find("destroy", variantNoop, scale{200, 20}, 200)
	script, hasScript := js.find("destroy", variantSDK, scale{200, 20}, 200)
	grantPlan, hasGrantPlan := grants.find("plan", variantProvider, scale{1000, 50}, 10)
	grantDestroy, hasGrantDestroy := grants.find("destroy", variantProvider, scale{200, 20}, 200)
	exclusive, hasExclusive := b.results.Exclusive.find("plan", variantProvider, scale{5000, 250}, 10)
	users, hasUsers := b.results.Users.find("plan", variantProvider, scale{1000, 10}, 10)
	usersFloor, hasUsersFloor := b.results.Users.find("plan", variantFloor, scale{1000, 10}, 10)
	return []target{
		{"Requests of a plan of 1,000 codes on 50 locks", 60, hasPlan, func() float64 { return plan.max(requests) }},
		{"Time of that plan, over one by a provider without any I/O and tuning", 1, hasPlan && hasUntuned, func() float64 { return plan.ratio(untuned, seconds) }},
		{"Time of that plan, over Terraform's floor", 1.2, hasPlan && hasFloor, func() float64 { return plan.ratio(floor, seconds) }},
		{"CPU time of the provider in that plan, over that of Terraform's floor", 2.5, hasPlan && hasFloor, func() float64 { return plan.quotient(ownCPU, floor, ownCPU) }},
		{"Requests of a plan of 5,000 codes on 250 locks", 260, hasLarge, func() float64 { return large.max(requests) }},
		{"Time of that plan, over Terraform's floor", 1.15, hasLarge && hasLargeFloor, func() float64 { return large.ratio(largeFloor, seconds) }},
		{"Peak memory of the provider in that plan, MB", 150, hasLarge, func() float64 { return large.max(peak) }},
		{"Time of a destroy of 200 codes on 20 locks at -parallelism=200, over one that only forgets them + the removal time", 1.5, hasDestroy && hasNoop, func() float64 { return destroy.ratio(noop, b.plusRemovalTime) }},
		{"Polls of action attempts in that destroy", 40, hasDestroy, func() float64 { return destroy.max(polls) }},
		{"Requests of that destroy, over those of the script with the JavaScript SDK", 0.5, hasDestroy && hasScript, func() float64 { return destroy.max(requests) / script.min(requests) }},
		{"Requests of a plan of 1,000 access grants for 1,000 people on 50 locks", 120, hasGrantPlan, func() float64 { return grantPlan.max(requests) }},
		{"Time of that plan, over Terraform's floor", 1.3, hasGrantPlan && hasGrantFloor, func() float64 { return grantPlan.ratio(grantFloor, seconds) }},
		{"Lock checks of a destroy of 200 access grants on 20 locks at -parallelism=200", 40, hasGrantDestroy, func() float64 { return grantDestroy.max(requestsTo("/devices/get")) }},
		{"Requests of a plan of 5,000 codes on 250 locks that may have only these and the codes of one access grant", 521, hasExclusive, func() float64 { return exclusive.max(requests) }},
		{"Requests of a plan of 1,000 users of an access system, each in one of 10 groups", 20, hasUsers, func() float64 { return users.max(requests) }},
		{"Time of that plan, over Terraform's floor", 1.3, hasUsers && hasUsersFloor, func() float64 { return users.ratio(usersFloor, seconds) }},
		{"CPU time of the provider in that plan, over that of Terraform's floor", 2.6, hasUsers && hasUsersFloor, func() float64 { return users.quotient(ownCPU, usersFloor, ownCPU) }},
	}
}
