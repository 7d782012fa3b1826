package removal

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// unmanagedCode is an unmanaged code as a removal target: either the subject of the removal, or
// what a managed code was converted to.
type unmanagedCode struct {
	*codes
	id      string
	primary bool // it is the subject of the removal
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

// addReadablePIN adds a numeric PIN. Other text, such as asterisks, is not a PIN: it does not
// identify the code.
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
		seen.Undeletable = seam.WrapAdvice(ErrRefused, fmt.Sprintf("Seam cannot delete unmanaged access code %s from lock %s: its PIN opens the door.", t.id, t.DeviceID), "Remove it in the manufacturer's app. Then run again to verify that it is gone.")
	}
	return seen, nil
}

func (t *unmanagedCode) Irrevocable() bool { return false }

func (t *unmanagedCode) CheckEnded(context.Context) error { return nil }

func (t *unmanagedCode) Delete(ctx context.Context) (attemptID string, err error) {
	return t.delete(ctx, t.id, true)
}

func (t *unmanagedCode) Dependents(context.Context) ([]Target, error) { return nil, nil }

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

// FindEvent never finds an event: Seam has other events for unmanaged codes.
func (t *unmanagedCode) FindEvent(context.Context) (*Proof, string, error) {
	return nil, "access_code.unmanaged.removed", nil
}

func (t *unmanagedCode) Diagnose(ctx context.Context) []string { return t.diagnose(ctx, t.id, true) }
