package seam

// AccessGrant gives a person access to doors.
type AccessGrant struct {
	ID string `json:"access_grant_id"`
}

// ObjectID is the access grant's id.
func (g AccessGrant) ObjectID() string { return g.ID }

// AccessGrants are the access grants of the workspace, which are only listed so far.
var AccessGrants = Endpoint[AccessGrant, struct{}]{"/access_grants", "access_grant", "access_grants"}
