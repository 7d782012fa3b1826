package removal

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// unmanagedCode is a code that Seam sees and does not manage as a target: one that is to be
// removed itself, or what an access code of ours has become.
type unmanagedCode struct {
	*codes
	id      string
	primary bool // it is what is to be removed
}

// RemoveUnmanagedAccessCode is [RemoveAccessCode] for an unmanaged code.
func RemoveUnmanagedAccessCode(ctx context.Context, client *seam.Client, code AccessCode, o Options) error {
	target := newUnmanagedCode(newState(client, o), code)
	return newRemoval(target.state, target).run(ctx)
}

func newUnmanagedCode(s *state, code AccessCode) *unmanagedCode {
	target := &unmanagedCode{&codes{state: s, AccessCode: code}, code.ID, true}
	target.addReadablePIN(code.PIN)
	return target
}

// addReadablePIN keeps a PIN to look for. What a lock shows in place of one, such as stars, is
// none: others look the same.
func (t *unmanagedCode) addReadablePIN(pin string) {
	if seam.NumericPIN.MatchString(pin) {
		t.addPIN(pin)
	}
}

func (t *unmanagedCode) Subject() Subject {
	return Subject{ID: t.id, Kind: "unmanaged access code", Access: "PIN", DeviceID: t.DeviceID, Name: t.Name}
}

func (t *unmanagedCode) Look(ctx context.Context, maxAge time.Duration) (Lookup, error) {
	seen, code, err := t.look(ctx, t.id, seam.LookupOptions{Unmanaged: true, MaxAge: maxAge})
	if err != nil || seen.Gone {
		return seen, err
	}
	t.addReadablePIN(code.Code)
	if t.primary {
		t.record(t.id, code)
	} else {
		t.recordDevice(code)
	}
	if code.CannotDelete {
		seen.Undeletable = seam.WrapAdvice(ErrRefused, fmt.Sprintf("Seam cannot delete unmanaged access code %s from lock %s: its PIN opens the door.", t.id, t.DeviceID), "Remove it in the manufacturer's app, then run again: that it is gone is checked then.")
	}
	return seen, nil
}

func (t *unmanagedCode) Irrevocable() bool { return false }

func (t *unmanagedCode) CheckEnded(context.Context) error { return nil }

func (t *unmanagedCode) Delete(ctx context.Context) (attemptID string, err error) {
	return t.delete(ctx, t.id, true)
}

func (t *unmanagedCode) Dependents() []Target { return nil }

func (t *unmanagedCode) Check(ctx context.Context) (Evidence, error) {
	k := t.newLockCheck(false)
	k.unmanaged = true
	found, err := t.checkLocks(ctx, k)
	if residual, ok := errors.AsType[*ResidualError](err); ok {
		for _, id := range residual.stillListed {
			residual.Listed = append(residual.Listed, &unmanagedCode{codes: t.codes, id: id})
		}
	}
	return found, err
}

// FindEvent finds none: Seam has other events for what it does not manage.
func (t *unmanagedCode) FindEvent(context.Context) (*Proof, string, error) {
	return nil, "access_code.unmanaged.removed", nil
}

func (t *unmanagedCode) Diagnose(ctx context.Context) []string { return t.diagnose(ctx, t.id, true) }
