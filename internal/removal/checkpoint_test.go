package removal

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seam"
	"github.com/seamapi/terraform-provider-seam/internal/seam/clienttest"
	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// What earlier versions kept in the private state, under the keys removal, change and former.
// These texts must not change with the code. %[1]s and %[2]s are ids of access codes, %[3]s is
// an action attempt and %[4]s a time.
const (
	recordedRemoval = `{"asked_at":"%[4]s","unmanaged_before":["11111111-0000-4000-8000-000000000001"],` +
		`"asks":{"%[1]s":{"asked_at":"%[4]s","action_attempt_id":"%[3]s"},"%[2]s":{"asked_at":"%[4]s"}},` +
		`"pulled_backup_access_code":"%[2]s","was_on_lock":true,"left_before_ask":true,` +
		`"unmanaged_access_codes":["11111111-0000-4000-8000-000000000002"],"other_locks":["11111111-0000-4000-8000-000000000003"]}`
	recordedRequest = `{"asked_at":"%[2]s","unmanaged_before":[],"asks":{"%[1]s":{"asked_at":"%[2]s","action_attempt_id":"%[3]s"}},"was_on_lock":true}`
	recordedChange  = `{"asked_at":"%s","unmanaged_before":[],"unmanaged_access_codes":["%s"]}`
	recordedPrior   = `{"pins":["735512"],"device_ids":["%s"],"shown":true}`
)

// decode reads what a state holds into the type that reads it now.
func decode[T any](t *testing.T, format string, args ...any) (kept T) {
	t.Helper()
	text := fmt.Sprintf(format, args...)
	clienttest.Must(t, json.Unmarshal([]byte(text), &kept))
	again, err := json.Marshal(kept)
	if err != nil || string(again) != text {
		t.Errorf("%s is written as %s (%v)", text, again, err)
	}
	return kept
}

func TestCheckpoint_ofAnEarlierVersionIsUnderstood(t *testing.T) {
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	m := decode[Checkpoint](t, recordedRemoval, "code-1", "code-2", "attempt", at.Format(time.RFC3339))
	requests := m.DeleteRequests
	if !m.RequestedAt.Equal(at) || !m.Unfinished() || len(requests) != 2 || requests["code-1"] != (DeleteRequest{at, "attempt"}) || requests["code-2"] != (DeleteRequest{At: at}) {
		t.Errorf("requests: %+v", m)
	}
	if m.BackupCodeID != "code-2" || !m.WasOnLock || !m.LeftBeforeRequest || len(m.UnmanagedBefore) != 1 || len(m.ResidualIDs) != 1 || len(m.OtherDeviceIDs) != 1 {
		t.Errorf("what is to be looked for: %+v", m)
	}
	if none := decode[Checkpoint](t, `{}`); none.Unfinished() || none.UnmanagedBefore != nil {
		t.Errorf("of nothing: %+v", none)
	}
	prior := decode[PriorAccess](t, recordedPrior, "lock")
	if !slices.Equal(prior.PINs, []string{"735512"}) || !slices.Equal(prior.DeviceIDs, []string{"lock"}) || !prior.StillListed {
		t.Errorf("prior access: %+v", prior)
	}
}

// An earlier version asked for the removal and stopped. This one waits for the same attempt.
func TestCheckpoint_ofAnEarlierVersionIsResumed(t *testing.T) {
	withFixture(t, 1, 1, func(e *fixture) {
		e.Locks[0].OnDelete(seamtest.DeleteBehavior{Takes: 30 * time.Second})
		c, code, o := e.client(seam.Config{}), e.codes[0], e.options()
		attempt, err := c.RequestAccessCodeDeletion(e.T.Context(), code.ID, false)
		clienttest.Must(e.T, err)
		o.Checkpoint = decode[Checkpoint](e.T, recordedRequest, code.ID, time.Now().UTC().Format(time.RFC3339), attempt)
		clienttest.Must(e.T, RemoveAccessCode(e.T.Context(), e.client(seam.Config{}), code, o))
		if n := e.Server.Count(deletePath); n != 1 || e.Locks[0].Opens(code.PIN) {
			e.T.Errorf("asked %d times; the PIN opens the door: %v", n, e.Locks[0].Opens(code.PIN))
		}
	})
}

// An unmanaged code that an earlier version saw to hold the PIN after a change, and a PIN and
// a lock from before, are looked for.
func TestCheckpoint_ofAnEarlierVersionIsLookedFor(t *testing.T) {
	clienttest.ForEachIn(t, fixtures(2, 1), map[string]func(*fixture, *AccessCode) (want string){
		"an unmanaged code": func(e *fixture, code *AccessCode) string {
			left := e.Locks[0].AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "****"})
			code.UpdateCheckpoint = decode[Checkpoint](e.T, recordedChange, time.Now().UTC().Format(time.RFC3339), left)
			return left
		},
		"a PIN on another lock": func(e *fixture, code *AccessCode) string {
			code.Prior = decode[PriorAccess](e.T, recordedPrior, e.Locks[1].ID)
			return e.Locks[1].AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "735512"})
		},
	}, func(e *fixture, leave func(*fixture, *AccessCode) (want string)) {
		code := e.codes[0]
		left := leave(e, &code)
		err := e.remove(e.T.Context(), e.client(seam.Config{}), code)
		clienttest.AssertError(e.T, err, left, "still lists the PIN")
	})
}
