package acctest

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"testing"
)

// Case describes a type of object to [Conform].
type Case struct {
	NewServer NewServer
	FastPath  func(http.RoundTripper, Log) FastPath
	Provider  map[string]any // configuration of the provider besides its credentials
	Type      string
	// Configs are a configuration, the same with a change in place, and with another value of Replaces,
	// which needs another object. They may put on Seam what they refer to.
	Configs  func(*Harness) (before, after, other Values)
	Replaces string
	// NotTold are arguments that Seam does not tell, so that a plan after an import sets them.
	NotTold []string
	// Missing is an import ID of an object that does not exist, if it is not [MissingID].
	Missing string
	// Secrets are what must not be written anywhere, besides the API key; nil if there are none.
	Secrets func(*Harness) []string

	// IDs are the objects on Seam, and Remove removes one outside Terraform.
	IDs    func(*Harness) []string
	Remove func(h *Harness, id string)
	// The paths that are called for the object; NotFound is the error with which Get proves that it
	// is gone.
	Create, Get, List, NotFound string
	OtherPaths                  []string

	// DataSource shows the object, by itself or in a list, if it is asked with Lookup.
	DataSource string
	Lookup     func(h *Harness, id string) Values

	// Except says why a question, or an answer of the question about 404s, does not apply.
	Except map[string]string
}

// NounCase is the case of a noun that seamtest's store serves. It lacks Configs and Replaces.
func NounCase(noun, plural string) Case {
	path := "/" + plural
	return Case{
		Type: "seam_" + noun, DataSource: "seam_" + noun,
		Lookup: func(_ *Harness, id string) Values { return Values{"id": id} },
		IDs:    func(h *Harness) []string { return h.ListedIDs(path+"/list", plural, noun+"_id", nil) },
		Remove: func(h *Harness, id string) { h.Seam.RemoveObject(noun, id) },
		Create: path + "/create", Get: path + "/get", List: path + "/list", NotFound: noun + "_not_found",
		OtherPaths: []string{path + "/update", path + "/delete"},
	}
}

// ListedIDs are the ids of the objects that Seam lists.
func (h *Harness) ListedIDs(path, plural, idField string, filter map[string]any) (ids []string) {
	items, _ := h.Call(path, filter)[plural].([]any)
	for _, item := range items {
		if fields, ok := item.(map[string]any); ok {
			ids = append(ids, fmt.Sprint(fields[idField]))
		}
	}
	return ids
}

// asked is a case in one harness.
type asked struct {
	*Harness
	Case
	before, after, other Values
}

var questions = map[string]func(*testing.T, Case){
	"create":                  inHarness((*asked).create),
	"update":                  inHarness((*asked).update),
	"replace":                 inHarness((*asked).replace),
	"destroy":                 inHarness((*asked).destroy),
	"removed outside":         inHarness((*asked).removedOutside),
	"already gone":            inHarness((*asked).alreadyGone),
	"import":                  inHarness((*asked).importState),
	"fast path":               inHarness((*asked).unchanged),
	"list":                    inHarness((*asked).list),
	"list limit":              inHarness((*asked).listLimit),
	"data source":             inHarness((*asked).dataSource),
	"wrong workspace":         inHarness((*asked).wrongWorkspace),
	"wrong workspace, change": inHarness((*asked).changeInWrongWorkspace),
	"only a typed 404":        onlyATyped404,
	"lost create":             lostCreate,
	"no secret":               noSecret,
}

// Conform asks of a type of object what holds for every type.
func Conform(t *testing.T, c Case) {
	t.Helper()
	if c.Secrets == nil {
		c.Secrets = func(*Harness) []string { return nil }
	}
	c.Missing = cmp.Or(c.Missing, MissingID)
	answers := Inconclusive(c.NotFound)
	for name := range c.Except {
		if _, ok := answers[name]; !ok && questions[name] == nil {
			t.Errorf("there is no question %q", name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(questions)) {
		t.Run(name, func(t *testing.T) {
			if why := c.Except[name]; why != "" {
				t.Skip(why)
			}
			questions[name](t, c)
		})
	}
}

func inHarness(ask func(*asked)) func(*testing.T, Case) {
	return func(t *testing.T, c Case) { c.run(t, ask) }
}

func (c Case) run(t *testing.T, ask func(*asked)) {
	t.Helper()
	Run(t, c.NewServer, c.Type, c.Provider, func(h *Harness) {
		q := &asked{Harness: h, Case: c}
		q.before, q.after, q.other = c.Configs(h)
		ask(q)
	})
}

func (q *asked) create() {
	had := q.IDs(q.Harness)
	q.RequireNoDiagnostics(q.Apply(q.before))
	q.requireSettled(q.before)
	q.requireIDs(append(had, q.ID())...)
}

// made is the id of an object in the state.
func (q *asked) made() string {
	q.T.Helper()
	q.RequireNoError(q.Apply(q.before))
	return q.ID()
}

// requireSettled fails unless the next run plans nothing, and the identity is that of the object,
// also where a state from before identities has none.
func (q *asked) requireSettled(config map[string]any) {
	q.T.Helper()
	q.requireIdentity()
	q.Identity = nil
	q.RequireSettled(config)
	q.requireIdentity()
	q.RequireNoDiagnostics(q.Plan(config).Diags)
}

func (q *asked) requireIdentity() {
	q.T.Helper()
	for name, value := range q.identity() {
		if value != q.Attribute(name) {
			q.T.Errorf("%s is %v in the identity and %v in the state", name, value, q.Attribute(name))
		}
	}
}

// requireIDs fails unless these are the objects on Seam.
func (q *asked) requireIDs(want ...string) {
	q.T.Helper()
	slices.Sort(want)
	if got := slices.Sorted(slices.Values(q.IDs(q.Harness))); !slices.Equal(got, slices.Compact(want)) {
		q.T.Errorf("Seam has %v, want %v", got, want)
	}
}

func (q *asked) update() {
	id := q.made()
	ids := q.IDs(q.Harness)
	if p := q.Plan(q.after); p.Empty() || len(p.Replaces) > 0 {
		q.T.Errorf("the plan changes %v and replaces because of %v, want an update in place", p.Changes(), p.Replaces)
	}
	q.RequireNoDiagnostics(q.Apply(q.after))
	q.requireSettled(q.after)
	q.requireIDs(append(ids, id)...)
	if q.ID() != id {
		q.T.Errorf("%s became %s", id, q.ID())
	}
}

func (q *asked) replace() {
	id := q.made()
	ids := q.IDs(q.Harness)
	if p := q.Plan(q.other); !slices.Equal(p.Replaces, []string{q.Replaces}) {
		q.T.Errorf("the plan replaces because of %v, want %s", p.Replaces, q.Replaces)
	}
	q.RequireNoDiagnostics(q.Apply(q.other))
	q.requireSettled(q.other)
	q.requireIDs(append(without(ids, id), q.ID())...)
}

func without(ids []string, id string) []string {
	return slices.DeleteFunc(ids, func(one string) bool { return one == id })
}

func (q *asked) destroy() {
	id := q.made()
	ids := q.IDs(q.Harness)
	q.RequireNoDiagnostics(q.Destroy())
	q.RequireNoState()
	q.requireIDs(without(ids, id)...)
}

func (q *asked) removedOutside() {
	id := q.made()
	identity := q.identity()
	q.Remove(q.Harness, id)
	q.Restart()
	q.Identity = nil
	q.RequireWarning(q.Refresh(), "emoved outside Terraform", id)
	q.RequireNoState()
	if p := q.Plan(q.before); p.Errors() != "" || p.Empty() {
		q.T.Errorf("it is not planned anew: %s", p.Errors())
	}
	if got := q.identity(); !reflect.DeepEqual(got, identity) {
		q.T.Errorf("the identity of what is gone is %v", got)
	}
}

func (q *asked) alreadyGone() {
	q.Remove(q.Harness, q.made())
	q.Restart()
	q.RequireNoError(q.DestroyWithoutRefresh())
	q.RequireNoState()
}

// MissingID is an ID that no object has.
const MissingID = "b3b7d3f0-0000-4000-8000-000000000000"

func (q *asked) importState() {
	id := q.made()
	identity, state := q.identity(), GoValue(q.State)
	for _, read := range []func() Diagnostics{func() Diagnostics { return q.ImportID(id) }, func() Diagnostics { return q.ImportIdentity(identity) }} {
		q.Restart()
		q.Forget()
		q.RequireNoDiagnostics(read())
		q.requireIdentity()
		q.requireSame("an import", GoValue(q.State), state, q.NotTold...)
		q.RequireCleanPlan(q.before, q.NotTold...)
	}
	q.Forget()
	q.RequireError(q.ImportID(q.Missing), "There is no", q.Missing, "Check the id")
	q.setProvider(Values{"api_key": q.Seam.AddWorkspace("Other").APIKey})
	q.RequireError(q.ImportID(id), "There is no", id, "in this workspace")
	q.RequireNoState()
}

// setProvider starts the next run with other credentials.
func (q *asked) setProvider(credentials Values) {
	q.T.Helper()
	q.ProviderConfig = Values(q.Provider).With(credentials)
	q.Restart()
}

// requireSame fails if a value that is shown differs from that of the object.
func (q *asked) requireSame(where string, shown, object any, except ...string) {
	q.T.Helper()
	want, _ := object.(map[string]any)
	fields, _ := shown.(map[string]any)
	for name, value := range fields {
		if !slices.Contains(except, name) && !reflect.DeepEqual(value, want[name]) {
			q.T.Errorf("%s shows %s = %v, the resource has %v", where, name, value, want[name])
		}
	}
}

func (q *asked) list() {
	q.Seam.EchoSecrets(true)
	id := q.made()
	identity := q.identity()
	found, diags := q.ListResources(q.Type, nil, 100, true, 0)
	q.RequireNoDiagnostics(diags)
	i := slices.IndexFunc(found, func(f ListResult) bool { return reflect.DeepEqual(f.Identity, identity) })
	if i < 0 {
		q.T.Fatalf("%s is not listed", id)
	}
	q.requireNoSecret(q.PrintedText(found))
	q.RequireImportable(found[i])
}

// listLimit asks that a list requests no more than is wanted.
func (q *asked) listLimit() {
	q.made()
	another := q.NewObject(q.Type)
	another.RequireNoError(another.Apply(q.other))
	q.Seam.PageSize(1)
	for _, want := range []struct {
		config        map[string]any
		limit, enough int
		found         int
	}{{nil, 0, 0, 2}, {Values{}, 0, 0, 2}, {nil, 1, 0, 1}, {nil, 100, 1, 1}} {
		q.Seam.ResetRequests()
		found, diags := q.ListResources(q.Type, want.config, int64(want.limit), false, want.enough)
		q.RequireNoDiagnostics(diags)
		if asks := q.Seam.Count(q.List); len(found) < want.found || want.found == 1 && (len(found) > 1 || asks > 1) || found[0].Resource != nil {
			q.T.Errorf("%+v: found %v with %d requests", want, found, asks)
		}
	}
}

func (q *asked) dataSource() {
	id := q.made()
	got, diags := q.ReadDataSource(q.DataSource, q.Lookup(q.Harness, id))
	q.RequireNoDiagnostics(diags)
	shown := objectWithID(got, id)
	if shown == nil {
		q.T.Fatalf("%s is not shown", id)
	}
	state, _ := GoValue(q.State).(map[string]any)
	maps.DeleteFunc(state, func(name string, value any) bool { _, has := shown[name]; return value == nil || !has })
	q.requireSame("the resource", state, shown)
}

// objectWithID finds the object in what a data source shows, which may be a list.
func objectWithID(shown map[string]any, id string) map[string]any {
	if shown["id"] == id {
		return shown
	}
	for _, list := range shown {
		items, _ := list.([]any)
		for _, item := range items {
			if fields, _ := item.(map[string]any); fields["id"] == id {
				return fields
			}
		}
	}
	return nil
}
