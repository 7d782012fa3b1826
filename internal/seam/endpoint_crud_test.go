package seam

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/seamapi/terraform-provider-seam/internal/seam/clienttest"
)

// thing is an object of a made-up noun, which has a key and a secret.
type thing struct {
	ID     string `json:"thing_id"`
	Key    string `json:"thing_key"`
	Name   string `json:"name"`
	Secret string `json:"secret"`
}

func (t thing) ObjectID() string  { return t.ID }
func (t thing) secrets() []string { return []string{t.Secret} }

type thingInput struct {
	Key  Param[string] `json:"thing_key,omitzero"`
	Name Param[string] `json:"name,omitzero"`
}

var things = Endpoint[thing, thingInput]{Path: "/things", One: "thing", Many: "things"}

// thingServer is a Seam that has things, in a synctest bubble.
type thingServer struct {
	t         *testing.T
	client    *Client
	things    []thing
	requests  []string
	loseAfter string // a path whose next answer is lost after the request was carried out
	fail      string // a path whose next request fails before
	attempt   string // what an update answers with
	lingers   int    // reads for which a deleted thing is still there
}

func (s *thingServer) RoundTrip(r *http.Request) (*http.Response, error) {
	sent, _ := io.ReadAll(r.Body)
	s.requests = append(s.requests, r.URL.Path+string(sent))
	if r.URL.Path == s.fail {
		s.fail = ""
		return clienttest.JSON(http.StatusInternalServerError, `{}`).HTTP(), nil
	}
	answer := s.answer(r.URL.Path, sent)
	if r.URL.Path == s.loseAfter {
		s.loseAfter = ""
		return clienttest.JSON(http.StatusBadGateway, `{}`).HTTP(), nil
	}
	return answer.HTTP(), nil
}

func (s *thingServer) answer(path string, sent []byte) clienttest.Response {
	var in map[string]any
	_ = json.Unmarshal(sent, &in)
	at := slices.IndexFunc(s.things, func(t thing) bool { return t.ID == in["thing_id"] || t.Key != "" && t.Key == in["thing_key"] })
	switch {
	case path == "/workspaces/get":
		return workspaceW
	case path == "/action_attempts/list":
		return clienttest.JSON(200, `{"action_attempts":[{"action_attempt_id":"att-1","status":"error","error":{"type":"too_cold","message":"It froze"}}]}`)
	case path == "/things/list":
		return encoded(map[string]any{"things": append([]thing{}, s.things...)})
	case path == "/things/create":
		made := thing{ID: fmt.Sprint("thing-", len(s.things)+1), Secret: "whispered-secret"}
		_ = json.Unmarshal(sent, &made)
		s.things = append(s.things, made)
		return encoded(map[string]any{"thing": made})
	case at < 0:
		return clienttest.JSON(http.StatusNotFound, `{"error":{"type":"thing_not_found","message":"No such thing"},"ok":false}`)
	case path == "/things/update":
		_ = json.Unmarshal(sent, &s.things[at])
		return clienttest.JSON(200, `{"ok":true`+s.attempt+`}`)
	case path == "/things/get" && s.lingers == 1:
		s.things = slices.Delete(s.things, at, at+1)
		s.lingers = 0
		return s.answer(path, sent)
	case path == "/things/get":
		s.lingers--
		return encoded(map[string]any{"thing": s.things[at]})
	}
	s.lingers = 3
	return clienttest.JSON(200, `{"ok":true}`)
}

func encoded(value any) clienttest.Response {
	body, _ := json.Marshal(value)
	return clienttest.JSON(200, string(body))
}

func withThings(t *testing.T, test func(*thingServer)) {
	t.Helper()
	notFoundTypes["thing"] = []string{"thing_not_found"}
	defer delete(notFoundTypes, "thing")
	synctest.Test(t, func(t *testing.T) {
		s := &thingServer{t: t}
		s.client = newTestClient(t, Config{}, s)
		test(s)
	})
}

func TestEndpoint_lifecycle(t *testing.T) {
	withThings(t, func(s *thingServer) {
		c := s.client
		made, err := things.Create(s.t.Context(), c, thingInput{Key: Value("k"), Name: Value("one")})
		if err != nil || made.Name != "one" || c.redactor.redact("whispered-secret") != "****" {
			s.t.Fatalf("made %+v: %v", made, err)
		}
		changed, err := things.Update(s.t.Context(), c, Ref{made.ID, "w"}, thingInput{Key: Null[string]()})
		if err != nil || changed.Name != "one" || !slices.Contains(s.requests, `/things/update{"thing_id":"thing-1","thing_key":null}`) {
			s.t.Errorf("changed %+v: %v %v", changed, err, s.requests)
		}
		if err := things.Delete(s.t.Context(), c, Ref{made.ID, "w"}); err != nil || len(s.things) > 0 {
			s.t.Errorf("left %v: %v", s.things, err)
		}
		clienttest.Must(s.t, things.Delete(s.t.Context(), c, Ref{made.ID, "w"})) // again
		for _, ref := range []Ref{{"thing-1", "other"}, {"thing-9", ""}} {
			_, err := things.Get(s.t.Context(), c, ref)
			if _, gone := errors.AsType[*NotFoundError](err); gone != (ref.ID == "thing-9") {
				s.t.Errorf("%v: %v", ref, err)
			}
		}
	})
}

// Does an answer that is about another object pass for the one that was asked for?
func TestEndpoint_answerAboutAnotherObjectIsError(t *testing.T) {
	withThings(t, func(s *thingServer) {
		other := clienttest.JSON(200, `{"thing":{"thing_id":"thing-2"}}`)
		c := newTestClient(s.t, Config{}, clienttest.Answers{"/workspaces/get": workspaceW, "": other})
		_, err := things.Get(s.t.Context(), c, Ref{ID: "thing-1"})
		if other, ok := errors.AsType[*OtherObjectError](err); !ok || other.ID != "thing-2" {
			s.t.Errorf("%v", err)
		}
		clienttest.AssertError(s.t, things.Delete(s.t.Context(), c, Ref{ID: "thing-1"})) // another thing does not pass for one that is gone
	})
}

// Does a typed 404 that speaks of another object prove that this one is gone?
func TestEndpoint_notFoundAboutAnotherObjectProvesNothing(t *testing.T) {
	clienttest.ForEachIn(t, withThings, map[string]string{
		"data": `"data":{"thing_id":"thing-2"}`, "message": `"message":"No 0f2c8a14-52f0-4c58-9d2b-6f3c1f1e2a77"`,
	}, func(s *thingServer, said string) {
		missing := clienttest.JSON(404, `{"ok":false,"error":{"type":"thing_not_found",`+said+`}}`)
		c := newTestClient(s.t, Config{}, clienttest.Answers{"/workspaces/get": workspaceW, "": missing})
		clienttest.AssertError(s.t, things.Delete(s.t.Context(), c, Ref{ID: "thing-1"}), "Asked about thing thing-1")
	})
}

func TestEndpoint_lostCreate(t *testing.T) {
	keyed := thingInput{Key: Value("k"), Name: Value("one")}
	unnamed := thingInput{Name: Value("one")}
	old := []thing{{ID: "old-1", Name: "one"}, {ID: "old-2", Key: "k2", Name: "one"}}
	type testCase struct {
		in      thingInput
		prepare func(*thingServer)
		id      string
		says    []string
	}
	clienttest.ForEachIn(t, withThings, map[string]testCase{
		"with a key":                {keyed, func(s *thingServer) { s.loseAfter = "/things/create" }, "thing-3", nil},
		"with a key, never arrived": {keyed, func(s *thingServer) { s.fail = "/things/create" }, "", []string{"is not known", "has no new one"}},
		"a key that is taken":       {thingInput{Key: Value("k2")}, func(*thingServer) {}, "", []string{"thing_key k2 is taken by thing old-2"}},
		"without a key":             {unnamed, func(s *thingServer) { s.loseAfter = "/things/create" }, "thing-3", nil},
		"never arrived":             {unnamed, func(s *thingServer) { s.fail = "/things/create" }, "", []string{"is not known", "has no new one"}},
		"what is there is unknown":  {unnamed, func(s *thingServer) { s.fail = "/things/list" }, "", []string{"Nothing was created"}},
	}, func(s *thingServer, c testCase) {
		s.things = slices.Clone(old)
		c.prepare(s)
		made, err := things.Create(s.t.Context(), s.client, c.in)
		if made.ID != c.id || (err == nil) != (c.id != "") {
			s.t.Errorf("%+v, %v", made, err)
		}
		for _, part := range c.says {
			clienttest.AssertContains(s.t, err.Error(), part)
		}
		if sent := strings.Count(strings.Join(s.requests, "\n"), "/things/create"); sent > 1 {
			s.t.Errorf("sent %d times", sent)
		}
	})
}

func TestEndpoint_failedAttemptFailsTheUpdate(t *testing.T) {
	withThings(t, func(s *thingServer) {
		s.things = []thing{{ID: "thing-1"}}
		s.attempt = `,"action_attempt":{"action_attempt_id":"att-1","status":"pending"}`
		_, err := things.Update(s.t.Context(), s.client, Ref{ID: "thing-1"}, thingInput{Name: Value("one")})
		clienttest.AssertError(s.t, err, "too_cold", "It froze")
	})
}

// A PIN in the place of an id must not get into a message or a state.
func TestAccessGrant_textThatIsNoIDMakesItUnreadable(t *testing.T) {
	var grant AccessGrant
	if err := json.Unmarshal([]byte(`{"access_grant_id":"7f2c","access_method_ids":["73915824"]}`), &grant); err == nil || strings.Contains(err.Error(), "73915824") {
		t.Errorf("read as %+v: %v", grant.MethodIDs, err)
	}
}
