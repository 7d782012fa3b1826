package seam

import (
	"reflect"
	"slices"
	"sync"
)

// LockClaim is a planned object that alone decides which codes a lock may have.
type LockClaim struct {
	Token  string // identifies the object in the state; empty for a new one
	Config any    // the whole configuration of the object

	replaced bool // it was planned again, as the new object of a replacement
}

// ClaimLock records a planned object. It reports whether another object has claimed the lock. A new
// object with the configuration of one in the state counts as its replacement.
func (c *Client) ClaimLock(deviceID string, claim LockClaim) (twice bool) {
	claims := &c.device(deviceID).claims
	claims.mu.Lock()
	defer claims.mu.Unlock()
	return claims.add(claim)
}

// ForgetNewClaims forgets the objects that were planned without one in the state: they are created now.
func (c *Client) ForgetNewClaims(deviceID string) {
	claims := &c.device(deviceID).claims
	claims.mu.Lock()
	defer claims.mu.Unlock()
	claims.all = slices.DeleteFunc(claims.all, func(l *LockClaim) bool { return l.Token == "" })
}

// lockClaims are the claims of one lock in one run.
type lockClaims struct {
	mu  sync.Mutex
	all []*LockClaim
}

// add records a claim and reports whether there is one of another object. A new object can be told
// from the replacement of an old one only by its configuration: two objects with the same one, of
// which one is new, pass.
func (l *lockClaims) add(claim LockClaim) (twice bool) {
	for _, other := range l.all {
		switch {
		case claim.Token != "" && claim.Token == other.Token:
			return false
		case claim.Token == "" && other.Token != "" && !other.replaced && reflect.DeepEqual(claim.Config, other.Config):
			other.replaced = true
			return false
		}
	}
	l.all = append(l.all, &claim)
	return len(l.all) > 1
}
