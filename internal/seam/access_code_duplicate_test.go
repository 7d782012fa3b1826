package seam

import (
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// A refusal that names our own code leads to it.
func TestAccessCode_duplicateNamingOwnCodeRecovers(t *testing.T) {
	withFixture(t, 1, 0, func(e *fixture) {
		e.injectFault(createPath, 1, lostResponses["the connection breaks"])
		e.injectFault("/access_codes/list", 4, seamtest.Fault{Replace: func(int, []byte) (int, []byte) {
			return 200, []byte(`{"access_codes":[],"pagination":{"has_next_page":false,"next_page_cursor":null},"ok":true}`)
		}})
		code := e.createCode(e.client(Config{}), fullInput(e))
		if have := e.onlyCode(); code.ID != have.ID || e.server.Count(createPath) != 2 {
			e.t.Errorf("returned %s after %d creates, but %s is on the lock", code.ID, e.server.Count(createPath), have.ID)
		}
	})
}

// A refusal may name our own code before Seam finds it.
func TestAccessCode_duplicateNamingOwnCodeNotFoundYet(t *testing.T) {
	withFixture(t, 1, 0, func(e *fixture) {
		e.locks[0].OnCreate(seamtest.CreateBehavior{InvisibleFor: 12 * time.Second})
		e.injectFault(createPath, 1, lostResponses["the connection breaks"])
		if code := e.createCode(e.client(Config{}), fullInput(e)); code.ID != e.onlyCode().ID {
			e.t.Errorf("returned %s", code.ID)
		}
	})
}

// A refusal after a lost create may name somebody else's code.
func TestAccessCode_duplicateNamingForeignCodeIsError(t *testing.T) {
	withFixture(t, 1, 0, func(e *fixture) {
		other := e.createCode(e.client(Config{}), fullInput(e))
		<-time.After(time.Minute)
		e.injectFault(createPath, 1, lostRequests["the connection breaks"])
		in := fullInput(e)
		in.Name = nil
		_, err := e.client(Config{}).CreateAccessCode(e.t.Context(), in)
		if err == nil || e.onlyCode().ID != other.ID {
			e.t.Fatalf("%v", err)
		}
		assertContains(e.t, err.Error(), other.ID)
	})
}

func TestAccessCode_duplicatePINFailsFastAndHidesPIN(t *testing.T) {
	pin := "7391"
	for name, test := range map[string]struct {
		taken  func(*fixture) (id string)
		advice []string
	}{
		"by a managed code": {func(e *fixture) string {
			return e.createCode(e.client(Config{}), AccessCodeInput{DeviceID: e.locks[0].ID, Code: &pin}).ID
		}, []string{"import it: {{import|access_code|", "create_before_destroy"}},
		"by an unmanaged code": {func(e *fixture) string {
			return e.locks[0].AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: pin})
		}, []string{"adopt_access_code_id", "unmanaged"}},
	} {
		t.Run(name, func(t *testing.T) {
			withFixture(t, 1, 0, func(e *fixture) {
				id := test.taken(e)
				e.server.EchoSecrets(true)
				e.server.ResetRequests()
				start := time.Now()
				_, err := e.client(Config{}).CreateAccessCode(e.t.Context(), AccessCodeInput{DeviceID: e.locks[0].ID, Code: &pin})
				if err == nil || e.server.Count(createPath) != 1 || time.Since(start) > releaseStartTimeout+time.Second {
					e.t.Fatalf("%d creates after %v: %v", e.server.Count(createPath), time.Since(start), err)
				}
				assertContains(e.t, err.Error(), id)
				assertContains(e.t, Advice(err, ""), test.advice...)
				assertNotContains(e.t, err.Error()+Advice(err, ""), pin, e.server.Workspace().APIKey)
			})
		})
	}
}
