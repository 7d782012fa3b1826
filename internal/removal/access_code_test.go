package removal

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seam"
	"github.com/seamapi/terraform-provider-seam/internal/seam/clienttest"
	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// Removals at the same time share the polls of attempts and the checks of locks.
func TestRemoval_sharesPollsAndLockChecks(t *testing.T) {
	withFixture(t, 5, 10, func(e *fixture) {
		e.Server.SetDefaultDelete(seamtest.DeleteBehavior{Takes: 5 * time.Second})
		start := time.Now()
		e.removeAll(e.client(seam.Config{}))
		clienttest.AssertTook(e.T, start, 0, 8*time.Second) // each takes 5s
		for path, most := range map[string]int{
			"/action_attempts/list": 25, "/action_attempts/get": 0, deletePath: 50,
			"/access_codes/get": 50, "/devices/get": 25, "/access_codes/unmanaged/list": 25, "/access_codes/list": 25,
		} {
			if n := e.Server.Count(path); n > most {
				t.Errorf("%d requests to %s, want at most %d", n, path, most)
			}
		}
		for _, lock := range e.Locks {
			if pins := lock.PINs(); len(pins) > 0 {
				t.Errorf("%s still holds %d PINs", lock.Name, len(pins))
			}
		}
	})
}

// A list from before one of our own writes is not used after it.
func TestAccessCodeCache_ownWriteInvalidates(t *testing.T) {
	withFixture(t, 1, 2, func(e *fixture) {
		c := e.client(seam.Config{})
		e.eachCode(func(_ context.Context, code AccessCode) error { return e.read(c, code) })
		e.mustRemove(c, e.codes[0])
		_ = clienttest.MustBe[*GoneError](e.T, e.read(c, e.codes[0]))
	})
}

func TestAccessCodeCache_clientsShareNothing(t *testing.T) {
	withFixture(t, 1, 1, func(e *fixture) {
		one, other := e.client(seam.Config{}), e.client(seam.Config{})
		clienttest.Must(t, e.read(other, e.codes[0]))
		e.mustRemove(one, e.codes[0])
		<-time.After(seam.MaxSnapshotAge)
		_ = clienttest.MustBe[*GoneError](e.T, e.read(other, e.codes[0]))
	})
}

// A 404 for a code that is too new to be found does not pass for its removal.
func TestRemoval_early404OfNewCodeIsNotGone(t *testing.T) {
	hidden := map[string]time.Duration{"1s": time.Second, "12s": 12 * time.Second, "25s": 25 * time.Second}
	clienttest.ForEachIn(t, fixtures(1, 0), hidden, func(e *fixture, hidden time.Duration) {
		c, pin := e.client(seam.Config{}), "7391"
		e.Locks[0].OnCreate(seamtest.CreateBehavior{InvisibleFor: hidden})
		code := e.createCode(c, seam.AccessCodeInput{DeviceID: e.Locks[0].ID, Code: &pin})
		code.NeverSeen = true
		err := e.remove(e.T.Context(), c, code)
		<-time.After(time.Minute)
		if err != nil || e.Locks[0].Opens(pin) || len(e.Server.AccessCodes()) > 0 {
			e.T.Errorf("removed (%v), and the PIN opens the door: %v; on Seam: %d", err, e.Locks[0].Opens(pin), len(e.Server.AccessCodes()))
		}
	})
}

// A receipt holds every answer that the removal rests on.
func TestReceipt_holdsAllProofs(t *testing.T) {
	type testCase struct {
		end   func(*fixture, *seam.Client, AccessCode, Options) error
		wants []string
	}
	clienttest.ForEach(t, map[string]testCase{
		"of an offline code that has ended": {func(e *fixture, c *seam.Client, code AccessCode, o Options) error {
			code.IsOffline, code.EndsAt = true, time.Now().Add(-time.Minute)
			return RemoveAccessCode(e.T.Context(), c, code, o)
		}, []string{"/access_codes/get"}},
		"of a removal that a read finds complete": {func(e *fixture, c *seam.Client, code AccessCode, o Options) error {
			o.Checkpoint = Checkpoint{RequestedAt: time.Now(), UnmanagedBefore: []string{}, BackupCodeID: e.codes[1].ID}
			e.Server.RemoveAccessCode(e.codes[1].ID)
			_, err := ReadAccessCode(e.T.Context(), c, code, o)
			if gone, ok := errors.AsType[*GoneError](err); !ok || !gone.Requested {
				return fmt.Errorf("the read: %w", err)
			}
			return nil
		}, []string{"/access_codes/get", "/devices/get", "/access_codes/list", "/access_codes/unmanaged/list"}},
	}, func(t *testing.T, test testCase) {
		file := filepath.Join(t.TempDir(), "receipts.jsonl")
		withFixture(t, 1, 2, func(e *fixture) {
			code, o := e.codes[0], e.options()
			e.Server.RemoveAccessCode(code.ID)
			clienttest.Must(e.T, test.end(e, e.client(seam.Config{ReceiptsFile: file}), code, o))
			content, err := os.ReadFile(file)
			var receipt Receipt
			clienttest.Must(e.T, errors.Join(err, json.Unmarshal(content, &receipt)))
			var asked []string
			for _, proof := range receipt.Proofs {
				path, _, _ := strings.Cut(proof.Asked, " ")
				asked = append(asked, path)
			}
			if !slices.Equal(asked, test.wants) {
				e.T.Errorf("proofs %v, want %v", asked, test.wants)
			}
		})
	})
}
