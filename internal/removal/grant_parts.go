package removal

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// GrantCode is an access code that belongs to a grant.
type GrantCode struct {
	ID        string    `json:"access_code_id"`
	DeviceID  string    `json:"device_id"`
	CreatedAt time.Time `json:"created_at,omitzero"`
	GrantID   string    `json:"access_grant_id,omitempty"`
}

// GrantParts is everything by which a grant or an access method gives access, by ID. It is read
// before the removal is requested, because Seam lists nothing for a grant that is gone.
type GrantParts struct {
	MethodIDs        []string    `json:"access_methods,omitempty"`
	Codes            []GrantCode `json:"access_codes,omitempty"`
	DeviceIDs        []string    `json:"devices,omitempty"` // doors that a PIN of the grant may open
	CredentialIDs    []string    `json:"acs_credentials,omitempty"`
	UserIDs          []string    `json:"acs_users,omitempty"` // of the credentials
	InstantKeyIDs    []string    `json:"instant_keys,omitempty"`
	ClientSessionIDs []string    `json:"client_sessions,omitempty"`
	Unprovable       []string    `json:"not_provable,omitempty"` // issued cards and phone keys whose revocation cannot be observed
	KeysUntil        time.Time   `json:"keys_until,omitzero"`    // the latest end that Seam showed for them
	MayBeShared      bool        `json:"may_be_shared,omitempty"`
	Read             bool        `json:"read,omitempty"` // while the grant was there
}

// Add adds other parts.
func (p *GrantParts) Add(other GrantParts) {
	union := func(a, b []string) []string {
		for _, id := range b {
			if !slices.Contains(a, id) {
				a = append(a, id)
			}
		}
		return a
	}
	p.MethodIDs, p.CredentialIDs = union(p.MethodIDs, other.MethodIDs), union(p.CredentialIDs, other.CredentialIDs)
	p.DeviceIDs, p.UserIDs = union(p.DeviceIDs, other.DeviceIDs), union(p.UserIDs, other.UserIDs)
	p.InstantKeyIDs, p.ClientSessionIDs = union(p.InstantKeyIDs, other.InstantKeyIDs), union(p.ClientSessionIDs, other.ClientSessionIDs)
	p.KeysUntil = later(p.KeysUntil, other.KeysUntil)
	p.Unprovable, p.MayBeShared, p.Read = union(p.Unprovable, other.Unprovable), p.MayBeShared || other.MayBeShared, p.Read || other.Read
	for _, code := range other.Codes {
		if !slices.ContainsFunc(p.Codes, func(have GrantCode) bool { return have.ID == code.ID && have.DeviceID == code.DeviceID }) {
			p.Codes = append(p.Codes, code)
		}
	}
}

// granted is the state that the removals of a grant and of an access method share.
type granted struct {
	*state
	AccessGrant
	parameter    string // of the list of its codes, to which its ID is given
	codes        map[string]*managedCode
	pins         []string          // of the methods
	newestMethod time.Time         // when the latest method with a PIN was created
	pinMethods   int               // number of methods with a PIN: each has a code on every lock
	gone         map[string]bool   // parts that are gone on Seam's typed 404
	shared       map[string]string // methods and codes that belong to another grant, with its ID
	windows      map[string]Window // of the codes, when they were first read
	offline      []string          // codes that nothing can revoke before their end
	complete     bool              // this run has read the parts
	begun        bool              // this run removes it
	proofs       []Proof
	grantID      string
	kind         string // of what is removed
}

// newGranted returns the removal state of what has these parts. Its codes are listed by the parameter.
func newGranted(s *state, grant AccessGrant, parts GrantParts, parameter string) *granted {
	g := &granted{state: s, AccessGrant: grant, parameter: parameter, codes: map[string]*managedCode{}, gone: map[string]bool{}, windows: map[string]Window{}, shared: map[string]string{}, grantID: grant.ID, kind: kindAccessGrant}
	if s.Checkpoint.Parts == nil {
		s.Checkpoint.Parts = &GrantParts{}
	}
	g.pins = seam.PINsOf(grant.Requested)
	g.parts().Add(parts)
	for _, code := range g.parts().Codes {
		g.code(code)
	}
	return g
}

func (g *granted) filter() map[string]any { return map[string]any{g.parameter: g.ID} }

func (g *granted) parts() *GrantParts { return g.Checkpoint.Parts }

// code is the removal target of one of the codes, with a checkpoint of its own.
func (g *granted) code(code GrantCode) *managedCode {
	if have := g.codes[code.ID]; have != nil {
		if !slices.Contains(have.deviceIDs(), code.DeviceID) {
			have.Checkpoint.OtherDeviceIDs = append(have.Checkpoint.OtherDeviceIDs, code.DeviceID)
		}
		return have
	}
	own := *g.state
	own.Checkpoint, own.Save = Checkpoint{}, func(Checkpoint) {}
	if code.CreatedAt.IsZero() {
		code.CreatedAt = g.CreatedAt
	}
	target := newManagedCode(&own, AccessCode{ID: code.ID, DeviceID: code.DeviceID, Name: g.Name, CreatedAt: code.CreatedAt})
	if g.begun {
		target.Begin()
	}
	g.codes[code.ID] = target
	return target
}

// Begin lets writes of the same PINs in this run wait for the removal.
func (g *granted) Begin() (end func(error)) {
	g.begun = true
	for _, code := range g.codes {
		code.Begin()
	}
	return func(err error) {
		for _, code := range g.codes {
			code.pinRelease.Finish(err)
		}
	}
}

func (g *granted) AcquireWrite(context.Context) (func(), error) { return func() {}, nil }

func (g *granted) Before(ctx context.Context) []string {
	return g.ListUnmanagedIDs(ctx, g.deviceIDs())
}

func (g *granted) deviceIDs() (locks []string) {
	for _, code := range g.codes {
		for _, id := range code.deviceIDs() {
			if !slices.Contains(locks, id) {
				locks = append(locks, id)
			}
		}
	}
	slices.Sort(locks)
	return locks
}

// readParts reads the parts of the methods that the grant, or the caller, has. Once they are read,
// it only reads the codes again.
func (g *granted) readParts(ctx context.Context, methodIDs []string) error {
	if g.complete {
		return g.readCodes(ctx)
	}
	g.parts().Add(GrantParts{MethodIDs: methodIDs})
	if ids := g.parts().MethodIDs; len(ids) > 0 {
		related, err := g.GetRelatedToMethods(ctx, ids)
		if err == nil {
			err = g.readMethods(ctx, &related)
		}
		if err != nil {
			return err
		}
		g.addRelated(related)
	}
	g.complete = true
	return g.readCodes(ctx)
}

// readMethods completes what was read in a batch. A method that is missing there is read by itself,
// and the doors are those of the grant as well: a missing list must not pass for proof.
func (g *granted) readMethods(ctx context.Context, related *seam.RelatedToMethods) error {
	for _, id := range g.parts().MethodIDs {
		if slices.ContainsFunc(related.Methods, func(m seam.AccessMethod) bool { return m.ID == id }) {
			continue
		}
		method, gone, _, err := seam.AccessMethods.LookUp(ctx, g.Client, id)
		if err != nil {
			return err
		}
		if !gone {
			related.Methods = append(related.Methods, method)
		}
	}
	doors, err := g.DoorsOfGrant(ctx, g.grantID)
	if err != nil {
		return err
	}
	for _, m := range related.Methods {
		if m.Mode == "code" {
			g.notePIN(m)
			g.parts().Add(GrantParts{DeviceIDs: doors.DeviceIDs})
		}
	}
	if err := g.addInstantKeys(ctx, related); err != nil {
		return err
	}
	if err := g.noteUnprovable(ctx, related, doors.EntranceIDs); err != nil || len(g.parts().Unprovable) > 0 || len(doors.EntranceIDs) == 0 {
		return err
	}
	return g.checkCredentials(ctx, related)
}

// addInstantKeys adds the instant keys of methods that the batch lacks, although a method has the link.
func (g *granted) addInstantKeys(ctx context.Context, related *seam.RelatedToMethods) error {
	links := map[string]bool{}
	for _, m := range related.Methods {
		links[m.InstantKeyURL] = m.InstantKeyURL != ""
	}
	delete(links, "")
	if len(links) <= len(related.InstantKeyIDs) || g.PersonID == "" {
		return nil
	}
	for key, err := range seam.InstantKeys.List(ctx, g.Client, map[string]any{"user_identity_id": g.PersonID}) {
		if err != nil {
			return err
		}
		if links[key.URL] {
			g.parts().Add(GrantParts{InstantKeyIDs: []string{key.ID}, ClientSessionIDs: slices.DeleteFunc([]string{key.ClientSessionID}, func(id string) bool { return id == "" })})
		}
	}
	return nil
}

// checkCredentials fails if a method was issued and the batch lacks its credential, although the person
// has one of that mode.
func (g *granted) checkCredentials(ctx context.Context, related *seam.RelatedToMethods) error {
	if g.PersonID == "" {
		return nil
	}
	for have, err := range seam.Credentials.List(ctx, g.Client, map[string]any{"user_identity_id": g.PersonID}) {
		if err != nil {
			return err
		}
		// while its times change, a method is not issued, and its credential is
		issued := slices.ContainsFunc(related.Methods, func(m seam.AccessMethod) bool {
			return m.Mode == have.AccessMethod && (m.IsIssued || len(m.PendingMutations) > 0)
		})
		if issued && !slices.ContainsFunc(related.Credentials, func(c seam.Credential) bool { return c.AccessMethod == have.AccessMethod }) {
			return seam.NewAdvice(fmt.Sprintf("Seam does not say which acs credential belongs to the access method of %s %s with mode %s. It may be %s.", g.kind, g.ID, g.Redact(have.AccessMethod), have.ID),
				"Run again in a minute. If the error persists, contact Seam support. To go on without a proof, set removal = \"requested\", apply, and run again.")
		}
	}
	return nil
}

// notePIN notes the PIN of a method: a code that no list shows yet may already be on its way to a
// door.
func (g *granted) notePIN(m seam.AccessMethod) {
	if seam.NumericPIN.MatchString(m.Code) {
		g.pins = append(g.pins, m.Code)
	}
	g.pinMethods++
	if m.CreatedAt.After(g.newestMethod) {
		g.newestMethod = m.CreatedAt.Time
	}
}

func (g *granted) addRelated(related seam.RelatedToMethods) {
	parts := GrantParts{
		CredentialIDs: seam.IDsOf(related.Credentials), InstantKeyIDs: related.InstantKeyIDs, ClientSessionIDs: related.ClientSessionIDs,
		MayBeShared: slices.ContainsFunc(related.GrantIDs, func(id string) bool { return id != g.grantID }),
	}
	for _, credential := range related.Credentials {
		if credential.UserID != "" {
			parts.UserIDs = append(parts.UserIDs, credential.UserID)
		}
	}
	g.parts().Add(parts)
}

// readCodes reads the codes with their PINs, which only this run knows.
func (g *granted) readCodes(ctx context.Context) error {
	listed, err := g.AwaitListedCodes(ctx, g.filter(), g.parts().DeviceIDs, g.pinMethods, g.newestMethod)
	if err != nil {
		return err
	}
	for _, found := range listed {
		code := GrantCode{found.ID, seam.SanitizeID(found.DeviceID), found.CreatedAt.Time, g.grantID}
		g.parts().Add(GrantParts{Codes: []GrantCode{code}})
		target := g.code(code)
		target.seen = true
		for _, pin := range found.PINs() {
			target.addPIN(pin)
		}
		target.record(found.ID, found)
		if _, read := g.windows[found.ID]; !read {
			g.windows[found.ID] = Window{found.StartsAt.Time, found.EndsAt.Time}
		}
		if found.IsOfflineAccessCode && !slices.Contains(g.offline, found.ID) && (found.EndsAt.IsZero() || !g.IsPast(ctx, found.EndsAt.Time)) {
			g.offline = append(g.offline, found.ID)
		}
	}
	return nil
}
