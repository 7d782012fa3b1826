package acctest

import (
	"encoding/json"
	"flag"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"sync/atomic"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// FastPath is a server with a fast path for what has not changed, and one that leaves everything to the
// framework. PassedOn counts the calls that the first one has passed on to the framework.
type FastPath struct {
	Server, Framework tfprotov6.ProviderServer
	PassedOn          *atomic.Int64
}

var unchangedCases = flag.Int("unchanged-cases", 200, "number of random states, for each type of object, for which the fast path is compared with the framework")

// comparison compares the two servers of a FastPath.
type comparison struct {
	*asked
	*rand.Rand
	FastPath
}

// unchanged asks that the fast path answers where nothing has changed, and that it answers as the
// framework does after random changes to the state, the configuration, the private state and the
// identity, while the object is there and after it was removed outside Terraform.
func (q *asked) unchanged() {
	q.made()
	q.Restart()
	q.RequireNoError(q.Refresh())
	c := &comparison{asked: q, Rand: rand.New(rand.NewPCG(1, 2))}
	c.start()
	config := q.ObjectValue(q.Schema.ValueType(), q.before)
	for _, identity := range []*tfprotov6.ResourceIdentityData{q.Identity, nil} {
		c.requireFast("read", func() { c.read(q.State, nil, identity) })
		if c.plan(q.State, config, nil, identity); !q.setsWriteOnly(config) { // which only the framework compares
			c.requireFast("plan", func() { c.plan(q.State, config, nil, identity) })
		}
	}
	c.requireFast("upgrade", func() { c.upgrade(GoValue(q.State), 0) })
	for range *unchangedCases {
		c.compareRandom()
	}
	c.Remove(c.Harness, c.ID())
	c.start()
	for range *unchangedCases / 2 {
		c.compareRandom()
	}
}

func (q *asked) withoutWriteOnly(object tftypes.Value) tftypes.Value {
	fields := Attributes(object)
	for _, a := range q.Schema.Block.Attributes {
		if a.WriteOnly {
			fields[a.Name] = tftypes.NewValue(a.ValueType(), nil)
		}
	}
	return tftypes.NewValue(object.Type(), fields)
}

func (q *asked) setsWriteOnly(config tftypes.Value) bool {
	fields := Attributes(config)
	return slices.ContainsFunc(q.Schema.Block.Attributes, func(a *tfprotov6.SchemaAttribute) bool { return a.WriteOnly && !fields[a.Name].IsNull() })
}

// start starts both servers, and compares what they answer before they are configured.
func (c *comparison) start() {
	c.FastPath = c.asked.FastPath(c.Seam.Transport(), c.log)
	c.read(c.State, nil, c.Identity)
	for _, server := range []tfprotov6.ProviderServer{c.Server, c.Framework} {
		schemas := c.Schemas()
		ask(c.Terraform, server.ConfigureProvider, &tfprotov6.ConfigureProviderRequest{TerraformVersion: "1.11.4", Config: c.Encode(c.ObjectValue(schemas.Provider.ValueType(), c.ProviderConfig))})
	}
}

func (c *comparison) requireFast(what string, call func()) {
	c.T.Helper()
	before := c.PassedOn.Load()
	if call(); c.PassedOn.Load() != before {
		c.T.Errorf("a %s of what has not changed is left to the framework", what)
	}
}

func (c *comparison) compareRandom() {
	attributes := c.Schema.Block.Attributes
	prior := c.mutateSome(attributes, c.State)
	config := c.configFor(attributes, prior)
	if c.IntN(4) == 0 {
		config = c.mutate(attributes, config)
	}
	var private []byte
	if c.IntN(6) == 0 {
		private = c.private()
	}
	identity := []*tfprotov6.ResourceIdentityData{nil, c.Identity, {IdentityData: c.otherIdentity()}}[c.IntN(3)]
	c.plan(prior, config, private, identity)
	c.read(prior, private, identity)
	fields, _ := GoValue(prior).(map[string]any)
	c.upgrade(c.mutateFields(fields), int64(c.IntN(20)/19))
}

func (c *comparison) read(state tftypes.Value, private []byte, identity *tfprotov6.ResourceIdentityData) {
	c.T.Helper()
	req := func() *tfprotov6.ReadResourceRequest {
		return &tfprotov6.ReadResourceRequest{TypeName: c.TypeName, CurrentState: c.Encode(state), Private: private, CurrentIdentity: identity}
	}
	fast, framework := ask(c.Terraform, c.Server.ReadResource, req()), ask(c.Terraform, c.Framework.ReadResource, req())
	c.requireSame("read", req(), []any{fast.NewState, fast.NewIdentity, fast.Private, fast.Diagnostics}, []any{framework.NewState, framework.NewIdentity, framework.Private, framework.Diagnostics})
}

func (c *comparison) plan(prior, config tftypes.Value, private []byte, identity *tfprotov6.ResourceIdentityData) {
	c.T.Helper()
	state, merged := c.Encode(prior), proposedObject(c.Schema.Block.Attributes, prior, config)
	if c.IntN(2) == 0 { // whether a proposed state has write-only values is up to the CLI
		merged = c.withoutWriteOnly(merged)
	}
	proposed := state // Terraform sorts the entries of a map, Encode does not
	if !merged.Equal(prior) {
		proposed = c.Encode(merged)
	}
	req := func() *tfprotov6.PlanResourceChangeRequest {
		return &tfprotov6.PlanResourceChangeRequest{
			TypeName: c.TypeName, PriorState: state, ProposedNewState: proposed,
			Config: c.Encode(config), PriorPrivate: private, PriorIdentity: identity,
		}
	}
	fast, framework := ask(c.Terraform, c.Server.PlanResourceChange, req()), ask(c.Terraform, c.Framework.PlanResourceChange, req())
	c.requireSame("plan", req(), []any{fast.PlannedState, fast.PlannedIdentity, fast.PlannedPrivate, fast.RequiresReplace, fast.Diagnostics},
		[]any{framework.PlannedState, framework.PlannedIdentity, framework.PlannedPrivate, framework.RequiresReplace, framework.Diagnostics})
}

func (c *comparison) upgrade(state any, version int64) {
	c.T.Helper()
	text, err := json.Marshal(state)
	c.Must(err)
	req := func() *tfprotov6.UpgradeResourceStateRequest {
		return &tfprotov6.UpgradeResourceStateRequest{TypeName: c.TypeName, Version: version, RawState: &tfprotov6.RawState{JSON: text}}
	}
	fast, framework := ask(c.Terraform, c.Server.UpgradeResourceState, req()), ask(c.Terraform, c.Framework.UpgradeResourceState, req())
	if answered := fast.UpgradedState; answered != nil && answered.JSON != nil {
		var fields map[string]any
		if c.Must(json.Unmarshal(answered.JSON, &fields)); len(fields) != len(c.Schema.Block.Attributes) {
			c.T.Errorf("upgrade: the answer lacks attributes: %s", answered.JSON)
		}
	}
	var states []any
	for _, resp := range []*tfprotov6.UpgradeResourceStateResponse{fast, framework} {
		if HasError(resp.Diagnostics) {
			states = append(states, "error")
			continue
		}
		decoded, err := resp.UpgradedState.Unmarshal(c.Schema.ValueType())
		states = append(states, []any{GoValue(decoded), err})
	}
	c.requireSame("upgrade", req(), states[:1], states[1:])
}

// requireSame compares answers. The text of a diagnostic may name a request, so its summary counts.
func (c *comparison) requireSame(what string, req any, fast, framework []any) {
	c.T.Helper()
	for i := range fast {
		if a, b := c.comparable(fast[i]), c.comparable(framework[i]); a != b {
			c.T.Errorf("%s: the answers differ (part %d)\nfast path: %s\nframework: %s\nrequest:   %s", what, i, a, b, c.comparable(req))
		}
	}
}

// comparable is an answer as text. The bytes of an encoded map have no order, so a state is decoded.
func (c *comparison) comparable(v any) string {
	switch answer := v.(type) {
	case Diagnostics:
		var all []any
		for _, d := range answer {
			all = append(all, d.Severity, d.Summary)
		}
		v = all
	case *tfprotov6.DynamicValue:
		v = []any{answer != nil && answer.JSON != nil, GoValue(c.Decode(answer))}
	}
	if value := reflect.ValueOf(v); value.Kind() == reflect.Slice && value.Len() == 0 {
		return "null"
	}
	text, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// otherIdentity is the identity of another object.
func (c *comparison) otherIdentity() *tfprotov6.DynamicValue {
	if c.Identity == nil {
		return nil
	}
	return &tfprotov6.DynamicValue{MsgPack: slices.Concat(c.Identity.IdentityData.MsgPack[:len(c.Identity.IdentityData.MsgPack)-1], []byte("x"))}
}

// private is a random private state: values that verbs keep, under the names that they use.
func (c *comparison) private() []byte {
	keys := []string{"change", "expired", "former", "lost", "progress", "removal", "unmanaged_pin"}
	values := []string{`true`, `{"asked_at":"2026-01-02T03:04:05Z"}`, `{"times_unproven":true}`, `{"shown":true,"pins":["1234"]}`}
	text, err := json.Marshal(map[string][]byte{keys[c.IntN(len(keys))]: []byte(values[c.IntN(len(values))])})
	c.Must(err)
	return text
}

// mutateSome changes at most two attributes.
func (c *comparison) mutateSome(attributes []*tfprotov6.SchemaAttribute, object tftypes.Value) tftypes.Value {
	for range c.IntN(3) {
		object = c.mutate(attributes, object)
	}
	return object
}

// mutate gives a random attribute a random value.
func (c *comparison) mutate(attributes []*tfprotov6.SchemaAttribute, object tftypes.Value) tftypes.Value {
	fields := Attributes(object)
	a := attributes[c.IntN(len(attributes))]
	if _, has := fields[a.Name]; has {
		fields[a.Name] = c.random(a.ValueType(), fields[a.Name])
	}
	return tftypes.NewValue(object.Type(), fields)
}

// random is a random value, which may be made of the value there is.
func (c *comparison) random(of tftypes.Type, now tftypes.Value) tftypes.Value {
	if c.IntN(4) == 0 {
		return tftypes.NewValue(of, nil)
	}
	switch kind := of.(type) {
	case tftypes.List:
		return tftypes.NewValue(of, c.randomItems(kind.ElementType, now))
	case tftypes.Set:
		return tftypes.NewValue(of, c.randomItems(kind.ElementType, now)[:1])
	case tftypes.Map:
		return tftypes.NewValue(of, map[string]tftypes.Value{"a": c.random(kind.ElementType, tftypes.NewValue(kind.ElementType, nil))})
	case tftypes.Object:
		fields, had := map[string]tftypes.Value{}, Attributes(now)
		for _, name := range slices.Sorted(maps.Keys(kind.AttributeTypes)) {
			field, has := had[name]
			if !has {
				field = tftypes.NewValue(kind.AttributeTypes[name], nil)
			}
			if c.IntN(2) == 0 {
				field = c.random(kind.AttributeTypes[name], field)
			}
			fields[name] = field
		}
		return tftypes.NewValue(of, fields)
	}
	switch {
	case of.Is(tftypes.Bool):
		return tftypes.NewValue(of, c.IntN(2) == 0)
	case of.Is(tftypes.Number):
		return tftypes.NewValue(of, c.IntN(300)-10)
	}
	texts := []string{"1234", "x", "code", "card", "requested", "abandoned", "ongoing", "time_bound", "20m", "1999-01-02T03:04:05Z", "2100-01-01T00:00:00Z", "2100-01-01T01:00:00+01:00", MissingID}
	return tftypes.NewValue(of, texts[c.IntN(len(texts))])
}

func (c *comparison) randomItems(of tftypes.Type, now tftypes.Value) []tftypes.Value {
	items := []tftypes.Value{c.random(of, tftypes.NewValue(of, nil))}
	if !now.IsNull() && now.IsKnown() {
		items = append(items, as[[]tftypes.Value](now)...)
	}
	return items
}

// configFor is a configuration with which the state may have been made.
func (c *comparison) configFor(attributes []*tfprotov6.SchemaAttribute, state tftypes.Value) tftypes.Value {
	fields := Attributes(state)
	for _, a := range attributes {
		null := tftypes.NewValue(a.ValueType(), nil)
		switch {
		case a.WriteOnly && c.IntN(6) == 0:
			fields[a.Name] = tftypes.NewValue(tftypes.String, "4821")
		case a.Computed && (!a.Optional || c.IntN(2) == 0):
			fields[a.Name] = null
		case a.NestedType != nil && !fields[a.Name].IsNull():
			fields[a.Name] = c.nestedConfigFor(a.NestedType, fields[a.Name])
		}
		if c.IntN(100) == 0 && !a.Computed {
			fields[a.Name] = tftypes.NewValue(a.ValueType(), tftypes.UnknownValue)
		}
	}
	return tftypes.NewValue(state.Type(), fields)
}

func (c *comparison) nestedConfigFor(of *tfprotov6.SchemaObject, state tftypes.Value) tftypes.Value {
	if of.Nesting == tfprotov6.SchemaObjectNestingModeSingle {
		return c.configFor(of.Attributes, state)
	}
	if of.Nesting == tfprotov6.SchemaObjectNestingModeMap {
		return state
	}
	var items []tftypes.Value
	for _, item := range as[[]tftypes.Value](state) {
		if !item.IsNull() {
			item = c.configFor(of.Attributes, item)
		}
		items = append(items, item)
	}
	return tftypes.NewValue(state.Type(), items)
}

// mutateFields changes a state as JSON, which another version of the provider may have written.
func (c *comparison) mutateFields(fields map[string]any) map[string]any {
	names := slices.Sorted(maps.Keys(fields))
	name := names[c.IntN(len(names))]
	switch c.IntN(6) {
	case 0:
		fields["former_attribute"] = "x"
	case 1:
		delete(fields, name)
	case 4:
		delete(fields, name)
		fields["former_attribute"] = nil
	case 2:
		fields[name] = []any{"x", 5, true, []any{}, map[string]any{}}[c.IntN(5)]
	case 3:
		for _, inner := range fields {
			if nested, ok := inner.(map[string]any); ok {
				nested["former_attribute"] = "x"
			}
		}
	}
	return fields
}
