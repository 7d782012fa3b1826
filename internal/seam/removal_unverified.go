package seam

import (
	"context"
	"errors"
	"fmt"
	"net/http"
)

// Removals that prove nothing.

// requestOnly asks and does not wait, which proves nothing.
func (r *removal) requestOnly(ctx context.Context) error {
	_, err := r.requestDelete(ctx, r.AccessCodeID, ResponseMeta{At: r.Now()})
	// An offline code cannot be deleted, but it can be let go.
	e, refused := errors.AsType[*Error](err)
	if letGo := refused && r.IsOffline && e.Status == http.StatusBadRequest; err != nil && !letGo {
		return err
	}
	r.Warn("Removal requested, not verified", fmt.Sprintf("Seam was asked to remove access code %s, and nobody waited, because removal = \"requested\". Its PIN may still open lock %s.", r.AccessCodeID, r.DeviceID))
	return r.writeReceipt(OutcomeRequested)
}

// expireOffline handles codes that the lock computes by itself: nothing can revoke them.
func (r *removal) expireOffline(ctx context.Context) error {
	looking, cancel := r.withDeadline(ctx)
	defer cancel()
	_, _ = r.getAndRecord(looking, r.AccessCodeID) // for a second opinion on the time
	if r.EndsAt.IsZero() || !r.IsPast(looking, r.EndsAt) {
		return WrapAdvice(ErrRefused, fmt.Sprintf("Access code %s is an offline code: lock %s works it out by itself and keeps accepting it until it ends, whatever Seam is asked.", r.AccessCodeID, r.DeviceID),
			"Wait until ends_at and run destroy again; reset the lock if it must not open before; or set removal = \"abandoned\" (or \"requested\"), apply, and destroy to let go of a PIN that still works.")
	}
	return r.writeReceipt(OutcomeExpired)
}
