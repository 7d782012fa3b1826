package removal

import (
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
	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// Removals at the same time share the polls of attempts and the checks of locks.
func TestRemoval_sharesPollsAndLockChecks(t *testing.T) {
	withFixture(t, 5, 10, func(e *fixture) {
		e.server.SetDefaultDelete(seamtest.DeleteBehavior{Takes: 5 * time.Second})
		start := time.Now()
		e.removeAll(e.client(seam.Config{}))
		if took := time.Since(start); took > 8*time.Second {
			t.Errorf("took %v for removals of 5s", took)
		}
		for path, most := range map[string]int{
			"/action_attempts/list": 25, "/action_attempts/get": 0, deletePath: 50,
			"/access_codes/get": 50, "/devices/get": 25, "/access_codes/unmanaged/list": 25, "/access_codes/list": 25,
		} {
			if n := e.server.Count(path); n > most {
				t.Errorf("%d requests to %s, want at most %d", n, path, most)
			}
		}
		for _, lock := range e.locks {
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
		e.readAll(c)
		if err := e.remove(e.t.Context(), c, e.codes[0]); err != nil {
			t.Fatal(err)
		}
		err := e.read(e.t.Context(), c, e.codes[0])
		if _, gone := errors.AsType[*GoneError](err); !gone {
			t.Errorf("a code that was just removed reads as %v", err)
		}
	})
}

func TestAccessCodeCache_clientsShareNothing(t *testing.T) {
	withFixture(t, 1, 1, func(e *fixture) {
		one, other := e.client(seam.Config{}), e.client(seam.Config{})
		e.readAll(other)
		if err := e.remove(e.t.Context(), one, e.codes[0]); err != nil {
			t.Fatal(err)
		}
		<-time.After(seam.MaxSnapshotAge)
		err := e.read(e.t.Context(), other, e.codes[0])
		if _, gone := errors.AsType[*GoneError](err); !gone {
			t.Errorf("after the age of a list, the other client reads %v", err)
		}
	})
}

// A 404 for a code that is too new to be found does not pass for its removal.
func TestRemoval_early404OfNewCodeIsNotGone(t *testing.T) {
	for _, hidden := range []time.Duration{time.Second, 12 * time.Second, 25 * time.Second} {
		t.Run(hidden.String(), func(t *testing.T) {
			withFixture(t, 1, 0, func(e *fixture) {
				c, pin := e.client(seam.Config{}), "7391"
				e.locks[0].OnCreate(seamtest.CreateBehavior{InvisibleFor: hidden})
				code := e.createCode(c, seam.AccessCodeInput{DeviceID: e.locks[0].ID, Code: &pin})
				code.NeverSeen = true
				err := e.remove(e.t.Context(), c, code)
				<-time.After(time.Minute)
				if err != nil || e.locks[0].Opens(pin) || len(e.server.AccessCodes()) > 0 {
					e.t.Errorf("removed (%v), and the PIN opens the door: %v; on Seam: %d", err, e.locks[0].Opens(pin), len(e.server.AccessCodes()))
				}
			})
		})
	}
}

// A receipt holds every answer that the removal rests on.
func TestReceipt_holdsAllProofs(t *testing.T) {
	for name, test := range map[string]struct {
		end   func(*fixture, *seam.Client, AccessCode, Options) error
		wants []string
	}{
		"of an offline code that has ended": {func(e *fixture, c *seam.Client, code AccessCode, o Options) error {
			code.IsOffline, code.EndsAt = true, time.Now().Add(-time.Minute)
			return RemoveAccessCode(e.t.Context(), c, code, o)
		}, []string{"/access_codes/get"}},
		"of a removal that a read finds complete": {func(e *fixture, c *seam.Client, code AccessCode, o Options) error {
			o.Checkpoint = Checkpoint{RequestedAt: time.Now(), UnmanagedBefore: []string{}, BackupCodeID: e.codes[1].ID}
			e.server.RemoveAccessCode(e.codes[1].ID)
			_, err := ReadAccessCode(e.t.Context(), c, code, o)
			if gone, ok := errors.AsType[*GoneError](err); !ok || !gone.Requested {
				return fmt.Errorf("the read: %w", err)
			}
			return nil
		}, []string{"/access_codes/get", "/devices/get", "/access_codes/list", "/access_codes/unmanaged/list"}},
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "receipts.jsonl")
			withFixture(t, 1, 2, func(e *fixture) {
				code, o := e.codes[0], e.options()
				e.server.RemoveAccessCode(code.ID)
				if err := test.end(e, e.client(seam.Config{ReceiptsFile: file}), code, o); err != nil {
					e.t.Fatal(err)
				}
				content, err := os.ReadFile(file)
				if err != nil {
					e.t.Fatal(err)
				}
				var receipt Receipt
				if err := json.Unmarshal(content, &receipt); err != nil {
					e.t.Fatal(err)
				}
				var asked []string
				for _, proof := range receipt.Proofs {
					path, _, _ := strings.Cut(proof.Asked, " ")
					asked = append(asked, path)
				}
				if !slices.Equal(asked, test.wants) {
					e.t.Errorf("proofs %v, want %v", asked, test.wants)
				}
			})
		})
	}
}
