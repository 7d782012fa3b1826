package removal

import (
	"context"
	"fmt"
	"maps"
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
	MayBeShared      bool        `json:"may_be_shared,omitempty"`
}

// add adds other parts.
func (p *GrantParts) add(other GrantParts) {
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
	p.Unprovable, p.MayBeShared = union(p.Unprovable, other.Unprovable), p.MayBeShared || other.MayBeShared
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
	filter       map[string]any // of the lists of codes
	codes        map[string]*managedCode
	pins         []string          // of the methods
	newestMethod time.Time         // when the latest method with a PIN was created
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

func newGranted(s *state, grant AccessGrant, filter map[string]any) *granted {
	g := &granted{state: s, AccessGrant: grant, filter: filter, codes: map[string]*managedCode{}, gone: map[string]bool{}, windows: map[string]Window{}, shared: map[string]string{}, grantID: grant.ID, kind: kindAccessGrant}
	if s.Checkpoint.Parts == nil {
		s.Checkpoint.Parts = &GrantParts{}
	}
	g.parts().add(grant.Parts)
	for _, code := range g.parts().Codes {
		g.code(code)
	}
	return g
}

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
	target := newManagedCode(&own, AccessCode{ID: code.ID, DeviceID: code.DeviceID, Name: g.Name, LikelyPIN: g.PIN, CreatedAt: code.CreatedAt})
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

// readParts reads the parts of the given methods, and the codes.
func (g *granted) readParts(ctx context.Context, methodIDs []string) error {
	if g.complete {
		return g.readCodes(ctx)
	}
	parts := GrantParts{MethodIDs: methodIDs}
	if len(methodIDs) > 0 {
		related, err := g.GetRelatedToMethods(ctx, methodIDs)
		if err != nil {
			return err
		}
		parts.InstantKeyIDs, parts.ClientSessionIDs = related.InstantKeyIDs, related.ClientSessionIDs
		for _, credential := range related.Credentials {
			parts.CredentialIDs = append(parts.CredentialIDs, credential.ID)
			if credential.UserID != "" {
				parts.UserIDs = append(parts.UserIDs, credential.UserID)
			}
		}
		if parts.DeviceIDs, err = g.doorsOfPINs(ctx, related.Methods); err != nil {
			return err
		}
		parts.MayBeShared = slices.ContainsFunc(related.GrantIDs, func(id string) bool { return id != g.grantID })
		if parts.Unprovable, err = g.unprovable(ctx, methodIDs, related); err != nil {
			return err
		}
	}
	g.parts().add(parts)
	g.complete = true
	return g.readCodes(ctx)
}

// doorsOfPINs returns the doors of the grant if it has a PIN, and notes the PINs: a code that no
// list shows yet may already be on its way to such a door.
func (g *granted) doorsOfPINs(ctx context.Context, methods []seam.AccessMethod) ([]string, error) {
	if !slices.ContainsFunc(methods, func(m seam.AccessMethod) bool { return m.Mode == "code" }) {
		return nil, nil
	}
	for _, m := range methods {
		if seam.NumericPIN.MatchString(m.Code) {
			g.pins = append(g.pins, m.Code)
		}
		if m.Mode == "code" && m.CreatedAt.After(g.newestMethod) {
			g.newestMethod = m.CreatedAt.Time
		}
	}
	doors, err := g.DoorsOfGrant(ctx, g.grantID)
	return doors.DeviceIDs, err
}

// readCodes reads the codes with their PINs, which only this run knows.
func (g *granted) readCodes(ctx context.Context) error {
	listed, err := g.AwaitListedCodes(ctx, g.filter, g.parts().DeviceIDs, g.newestMethod)
	if err != nil {
		return err
	}
	for _, found := range listed {
		code := GrantCode{found.ID, seam.SanitizeID(found.DeviceID), found.CreatedAt.Time, g.grantID}
		g.parts().add(GrantParts{Codes: []GrantCode{code}})
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

// unprovable describes the methods that Seam cannot prove to be revoked: a card or phone key that
// was issued for a door which reads the rights from it. A method or the doors that are missing in
// the batch are read by themselves, since a missing list must not pass for proof.
func (g *granted) unprovable(ctx context.Context, methodIDs []string, related seam.RelatedToMethods) ([]string, error) {
	var found []string
	for _, id := range methodIDs {
		at := slices.IndexFunc(related.Methods, func(m seam.AccessMethod) bool { return m.ID == id })
		var method seam.AccessMethod
		if at >= 0 {
			method = related.Methods[at]
		} else if read, gone, _, err := seam.AccessMethods.LookUp(ctx, g.Client, id); err != nil {
			return nil, err
		} else if !gone {
			method = read
		}
		if method.Mode != "card" && method.Mode != "mobile_key" || method.IssuedAt.IsZero() && !method.IsIssued {
			continue
		}
		doors, err := g.offlineDoors(ctx, related.Entrances)
		if err != nil {
			return nil, err
		}
		if len(doors) > 0 {
			found = append(found, fmt.Sprintf("access method %s (mode %s, issued) on acs entrance %s", id, method.Mode, seam.JoinLimited(doors)))
		}
	}
	return found, nil
}

func (g *granted) offlineDoors(ctx context.Context, entrances []seam.Entrance) ([]string, error) {
	if len(entrances) > 0 {
		return OfflineDoors(ctx, g.Client, entrances)
	}
	doors, err := g.DoorsOfGrant(ctx, g.grantID)
	if err != nil || len(doors.EntranceIDs) == 0 {
		return nil, err
	}
	all, err := seam.Entrances.All(ctx, g.Client)
	for _, id := range doors.EntranceIDs {
		entrance := all[id]
		entrance.ID = id
		entrances = append(entrances, entrance)
	}
	if err != nil {
		return nil, err
	}
	return OfflineDoors(ctx, g.Client, entrances)
}

// OfflineDoors returns the IDs of the entrances that read the rights from the card or the phone,
// so that Seam's answer about a revocation says nothing about the door.
func OfflineDoors(ctx context.Context, client *seam.Client, entrances []seam.Entrance) ([]string, error) {
	if len(entrances) == 0 {
		return nil, nil
	}
	systems, err := seam.AccessSystems.All(ctx, client)
	var doors []string
	for _, entrance := range entrances {
		system, known := systems[entrance.SystemID]
		if entrance.CanBelongToReservation || !known || system.ReadsRightsFromCard() {
			doors = append(doors, seam.SanitizeID(entrance.ID))
		}
	}
	return doors, err
}

// lookAtParts returns the parts that Seam still has.
func (g *granted) lookAtParts(ctx context.Context) (left []string, err error) {
	for _, id := range g.parts().MethodIDs {
		if err := lookAtPart(ctx, g, seam.AccessMethods, id, "access method", &left); err != nil {
			return nil, err
		}
	}
	if len(left) > 0 {
		if left, err = g.withoutShared(ctx, left); err != nil {
			return nil, err
		}
	}
	for _, id := range slices.Sorted(maps.Keys(g.codes)) {
		if err := g.lookAtCode(ctx, g.codes[id], &left); err != nil {
			return nil, err
		}
	}
	if err := g.lookAtCredentials(ctx, &left); err != nil {
		return nil, err
	}
	for _, id := range g.parts().InstantKeyIDs {
		if err := lookAtPart(ctx, g, seam.InstantKeys, id, "instant key", &left); err != nil {
			return nil, err
		}
	}
	for _, id := range g.parts().ClientSessionIDs {
		if err := lookAtPart(ctx, g, seam.ClientSessions, id, "client session", &left); err != nil {
			return nil, err
		}
	}
	return left, nil
}

// lookAtCredentials adds the credentials to left that Seam still has, by their IDs or in the list of
// their user: no lock can be asked about them.
func (g *granted) lookAtCredentials(ctx context.Context, left *[]string) error {
	for _, id := range g.parts().CredentialIDs {
		if err := lookAtPart(ctx, g, seam.Credentials, id, "acs credential", left); err != nil {
			return err
		}
	}
	for _, user := range g.parts().UserIDs {
		for credential, err := range seam.Credentials.List(ctx, g.Client, map[string]any{"acs_user_id": user}) {
			if err != nil {
				return err
			}
			if g.gone[credential.ID] {
				delete(g.gone, credential.ID) // one of the two answers is out of date
				*left = append(*left, "acs credential "+credential.ID)
			}
		}
	}
	return nil
}

// withoutShared drops the methods that belong to another grant as well, and what they gave: the
// removal of one grant does not end them.
func (g *granted) withoutShared(ctx context.Context, left []string) ([]string, error) {
	if g.complete && !g.parts().MayBeShared {
		return left, nil
	}
	var own []string
	for _, id := range g.parts().MethodIDs {
		if g.gone[id] || g.shared[id] != "" {
			continue
		}
		owner, err := g.findOtherGrant(ctx, id)
		if err != nil {
			return nil, err
		}
		if owner == "" {
			own = append(own, "access method "+id)
		}
	}
	return own, nil
}

// findOtherGrant returns the ID of another grant to which a method belongs, if any, and notes what
// the method gave as shared with it.
func (g *granted) findOtherGrant(ctx context.Context, methodID string) (owner string, err error) {
	related, err := g.GetRelatedToMethods(ctx, []string{methodID})
	if err != nil {
		return "", err
	}
	for _, id := range related.GrantIDs {
		if id == g.grantID || owner != "" {
			continue
		}
		_, gone, _, err := seam.AccessGrants.LookUp(ctx, g.Client, id)
		if err != nil {
			return "", err
		}
		if !gone {
			owner = id
		}
	}
	if owner == "" {
		return "", nil
	}
	_, codes, err := g.ListAccessCodes(ctx, map[string]any{"access_method_id": methodID})
	g.shared[methodID] = owner
	for _, id := range slices.Concat(seam.IDsOf(codes), seam.IDsOf(related.Credentials), related.InstantKeyIDs, related.ClientSessionIDs) {
		g.shared[id] = owner
	}
	return owner, err
}

// lookAtPart adds a part to left if Seam still has it.
func lookAtPart[T seam.Object, In any](ctx context.Context, g *granted, e seam.Endpoint[T, In], id, label string, left *[]string) error {
	if g.gone[id] || g.shared[id] != "" {
		return nil
	}
	_, gone, a, err := e.LookUp(ctx, g.Client, id)
	switch {
	case err != nil:
		return err
	case !gone:
		*left = append(*left, label+" "+id)
		return nil
	}
	g.gone[id] = true
	g.proofs = append(g.proofs, proofOf(e.Path+"/get "+id, a, "no such "+label))
	return nil
}

// lookAtCode adds a code to left if Seam still has it. One that is no longer managed is left to
// the check of its lock.
func (g *granted) lookAtCode(ctx context.Context, code *managedCode, left *[]string) error {
	if g.gone[code.ID] || g.shared[code.ID] != "" {
		return nil
	}
	seen, err := code.Look(ctx, 0)
	switch {
	case err != nil:
		return err
	case seen.Became != nil:
		return nil
	case !seen.Gone:
		*left = append(*left, "access code "+code.ID)
		return nil
	}
	g.gone[code.ID] = true
	g.proofs = append(g.proofs, *seen.Proof)
	return nil
}
