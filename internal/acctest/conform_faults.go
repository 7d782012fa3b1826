package acctest

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/seamapi/terraform-provider-seam/internal/seam/clienttest"
	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

func (q *asked) wrongWorkspace() {
	q.inWrongWorkspace(q.Refresh, q.DestroyWithoutRefresh)
}

func (q *asked) changeInWrongWorkspace() {
	q.inWrongWorkspace(func() Diagnostics { return q.ApplyWithoutRefresh(q.after) })
}

// inWrongWorkspace fails unless everything is refused with credentials of another workspace.
func (q *asked) inWrongWorkspace(asks ...func() Diagnostics) {
	q.T.Helper()
	q.made()
	ids, home, other := q.IDs(q.Harness), q.Seam.Workspace(), q.Seam.AddWorkspace("Other")
	for _, config := range []Values{{"api_key": other.APIKey}, {"personal_access_token": other.PersonalAccessToken, "workspace_id": other.ID}} {
		q.setProvider(config)
		q.RequireStateUnchanged(func() {
			for _, ask := range asks {
				q.RequireError(ask(), home.ID, other.ID, "Use credentials of workspace "+home.ID)
			}
		})
	}
	q.requireIDs(ids...)
	q.setProvider(Values{"api_key": home.APIKey})
	q.RequireNoError(q.Destroy())
}

// Answer is an answer to a get, with what has to be said about it.
type Answer struct {
	Fault seamtest.Fault
	Says  []string
}

// Inconclusive are answers that do not prove that an object is gone, however much some look like
// it. The type of the 404 that does prove it is notFound.
func Inconclusive(notFound string) map[string]Answer {
	const another = "0f2c8a14-52f0-4c58-9d2b-6f3c1f1e2a77"
	object, idField := objectNames(notFound)
	json := func(status int, body string) seamtest.Fault {
		return seamtest.Fault{Status: status, ContentType: "application/json", Body: body}
	}
	typed := func(rest string) seamtest.Fault {
		return json(404, `{"ok":false,"error":{"type":"`+notFound+`"`+rest+`}}`)
	}
	return map[string]Answer{
		"HTML 404":                      {seamtest.HTML404(""), []string{"HTTP 404", "does not come from the Seam API"}},
		"empty 404":                     {seamtest.Empty404(""), []string{"HTTP 404", "does not come from the Seam API"}},
		"JSON 404 of another API":       {json(404, `{"error":"not_found"}`), []string{"HTTP 404", "Check endpoint"}},
		"JSON 404 without a type":       {json(404, `{"error":{"message":"not_found"}}`), []string{"HTTP 404", "Check endpoint"}},
		"404 that is no JSON":           {seamtest.Fault{Status: 404, ContentType: "text/plain", Body: typed("").Body}, []string{"HTTP 404", "Check endpoint"}},
		"404 in another letter case":    {json(404, `{"Error":{"Type":"`+notFound+`"},"ok":false}`), nil},
		"404 with the error twice":      {typed(`},"error":{"type":"` + notFound + `"`), nil},
		"404 about another, by data":    {typed(`,"message":"gone","data":{"` + idField + `":"` + another + `"}`), nil},
		"404 about another, by message": {typed(`,"message":"There is no ` + another + `"`), nil},
		"404 of no type":                {seamtest.Fault{Status: 404, Type: "not_found"}, []string{"not_found"}},
		"404 of the workspace":          {seamtest.Fault{Status: 404, Type: "workspace_not_found", Message: "No such workspace"}, []string{"workspace_not_found", "No such workspace", "request id"}},
		"404 of another type":           {seamtest.Fault{Status: 404, Type: "action_attempt_not_found"}, []string{"action_attempt_not_found", "request id"}},
		"400 of the type":               {seamtest.Fault{Status: 400, Type: notFound}, []string{"HTTP 400"}},
		"401 of the type":               {seamtest.Fault{Status: 401, Type: notFound}, []string{"HTTP 401", "Check the API key"}},
		"403":                           {seamtest.Fault{Status: 403, Type: "forbidden"}, []string{"HTTP 403", "may not do this"}},
		"429 for ever":                  {seamtest.Fault{Status: 429, Type: "too_many_requests", Header: http.Header{"Retry-After": {"3"}}}, []string{"HTTP 429", "Run again in a minute"}},
		"500 for ever":                  {seamtest.Fault{Status: 500}, []string{"HTTP 500", "Run again later"}},
		"gateway that is down":          {seamtest.Fault{Status: 502, ContentType: "text/html", Body: "<html>"}, []string{"HTTP 502", "Run again later"}},
		"no connection":                 {seamtest.Fault{Drop: seamtest.DropBefore}, []string{"no answer from Seam", "Check the network"}},
		"answer that breaks":            {seamtest.Fault{Truncate: true}, []string{"was truncated", "Check the network"}},
		"200 that is no JSON":           {seamtest.Fault{Status: 200, ContentType: "text/html", Body: "<html>Log in</html>"}, []string{"not the JSON that Seam documents", "Check endpoint"}},
		"200 without the object":        {json(200, `{"ok":true}`), nil},
		"200 about another":             {json(200, `{"`+object+`":{"`+idField+`":"`+another+`"}}`), nil},
		"workspace that is unreadable":  {seamtest.Fault{Path: "/workspaces/get", Status: 500}, []string{"/workspaces/get", "HTTP 500"}},
	}
}

// objectNames are what Seam calls an object and its id in its answers.
func objectNames(notFound string) (object, id string) {
	object = strings.TrimSuffix(notFound, "_not_found")
	return object, object + "_id"
}

func onlyATyped404(t *testing.T, c Case) {
	for name, answer := range Inconclusive(c.NotFound) {
		t.Run(name, func(t *testing.T) {
			if why := c.Except[name]; why != "" {
				t.Skip(why)
			}
			c.run(t, func(q *asked) {
				q.made()
				answer.Fault.Path = cmp.Or(answer.Fault.Path, q.Get)
				fault := q.Seam.InjectFault(answer.Fault)
				q.setProvider(Values{"api_key": q.Seam.Workspace().APIKey, "bulk_read": false}) // a list must not answer instead
				q.RequireStateUnchanged(func() {
					q.RequireError(q.Refresh(), append(answer.Says, "Unable to read")...)
					q.RequireError(q.DestroyWithoutRefresh(), answer.Says...)
				})
				if fault.Hits() == 0 {
					t.Error("the fault was not applied")
				}
				fault.Remove()
				q.RequireNoError(q.Destroy())
			})
		})
	}
}

// lostCreate asks that a create whose answer is lost makes no second object, and leaves none that
// nobody knows of.
func lostCreate(t *testing.T, c Case) {
	drops := map[string]seamtest.Drop{"before": seamtest.DropBefore, "after": seamtest.DropAfter}
	clienttest.ForEachIn(t, c.run, drops, func(q *asked, drop seamtest.Drop) {
		had := q.IDs(q.Harness)
		q.Seam.InjectFault(seamtest.Fault{Path: q.Create, Drop: drop, Times: 1})
		diags := q.Apply(q.before)
		made := slices.DeleteFunc(q.IDs(q.Harness), func(id string) bool { return slices.Contains(had, id) })
		switch {
		case len(made) > 1:
			q.T.Errorf("%v were made", made)
		case !HasError(diags):
			q.requireIDs(append(had, q.ID())...)
		case len(made) == 1:
			q.RequireError(diags, "is not known", made[0], "terraform import 'ADDRESS' ")
		}
	})
}

// noSecret asks that no failure shows a secret, while Seam repeats secrets in every message.
func noSecret(t *testing.T, c Case) {
	object, idField := objectNames(c.NotFound)
	for _, path := range append(c.OtherPaths, c.Create, c.Get, c.List, "/workspaces/get") {
		for kind, fault := range map[string]func(string) seamtest.Fault{
			"envelope":  func(s string) seamtest.Fault { return seamtest.Fault{Status: 400, Type: "bad", Message: s} },
			"type":      func(s string) seamtest.Fault { return seamtest.Fault{Status: 400, Type: "bad_" + s} },
			"server":    func(s string) seamtest.Fault { return seamtest.Fault{Status: 500, Type: "internal", Message: s} },
			"auth":      func(s string) seamtest.Fault { return seamtest.Fault{Status: 401, Type: "unauthorized", Message: s} },
			"not found": func(s string) seamtest.Fault { return seamtest.Fault{Status: 404, Type: "not_found", Message: s} },
			"raw":       func(s string) seamtest.Fault { return seamtest.Fault{Status: 400, ContentType: "text/plain", Body: s} },
			"html":      func(s string) seamtest.Fault { return seamtest.Fault{Status: 200, ContentType: "text/html", Body: s} },
			"lost":      func(string) seamtest.Fault { return seamtest.Fault{Drop: seamtest.DropAfter} },
			"id": func(s string) seamtest.Fault {
				body := fmt.Sprintf(`{%q:{%q:%q},"workspace":{"workspace_id":""}}`, object, idField, "x "+s)
				return seamtest.Fault{Status: 200, ContentType: "application/json", Body: body}
			},
		} {
			t.Run(kind+" on "+path, func(t *testing.T) { c.run(t, func(q *asked) { q.failing(path, fault) }) })
		}
	}
}

// failing makes all calls of a path fail: first those of a create, then those for what there is.
func (q *asked) failing(path string, fault func(secrets string) seamtest.Fault) {
	q.T.Helper()
	q.Seam.EchoSecrets(true)
	fail := func() *seamtest.InjectedFault {
		f := fault(strings.Join(q.Secrets(q.Harness), " "))
		f.Path = path
		return q.Seam.InjectFault(f)
	}
	failing := fail()
	said := q.Apply(q.before)
	hits := failing.Hits()
	failing.Remove()
	q.Restart()
	said = append(said, q.Apply(q.before)...) // it may have been created already, and not be known
	failing = fail()
	q.Restart()
	_, listed := q.ListResources(q.Type, nil, 10, true, 0)
	said = slices.Concat(said, listed, q.ApplyWithoutRefresh(q.after), q.Refresh())
	if !q.State.IsNull() {
		said = append(said, q.DestroyWithoutRefresh()...)
	}
	q.requireNoSecret(allText(said) + q.PrivateText() + q.Logged())
	if hits+failing.Hits() == 0 {
		q.T.Error("the fault was not applied")
	}
}

// requireNoSecret fails if a text holds a secret.
func (q *asked) requireNoSecret(text string) {
	q.T.Helper()
	for _, secret := range append(q.Secrets(q.Harness), q.Seam.Workspace().APIKey) {
		if i := strings.Index(text, secret); i >= 0 {
			q.T.Errorf("a secret is shown: %q", text[max(0, i-300):min(len(text), i+100)])
		}
	}
}
