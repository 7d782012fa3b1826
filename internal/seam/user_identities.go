package seam

// UserIdentity is a person to whom access can be granted.
type UserIdentity struct {
	ID           string    `json:"user_identity_id"`
	Key          string    `json:"user_identity_key"`
	FullName     string    `json:"full_name"`
	EmailAddress string    `json:"email_address"`
	PhoneNumber  string    `json:"phone_number"`
	DisplayName  string    `json:"display_name"`
	AcsUserIDs   idList    `json:"acs_user_ids"`
	CreatedAt    Timestamp `json:"created_at"`
}

// ObjectID is the user identity's id.
func (u UserIdentity) ObjectID() string { return u.ID }

// UserIdentityInput is what of a user identity can be set, changed and cleared.
type UserIdentityInput struct {
	Key          Param[string] `json:"user_identity_key,omitzero"`
	FullName     Param[string] `json:"full_name,omitzero"`
	EmailAddress Param[string] `json:"email_address,omitzero"`
	PhoneNumber  Param[string] `json:"phone_number,omitzero"`
}

// UserIdentities are the user identities of the workspace. One that was merged into another
// answers as that one: see [OtherObjectError].
var UserIdentities = Endpoint[UserIdentity, UserIdentityInput]{
	Path: "/user_identities", One: "user_identity", Many: "user_identities", Bulk: true,
}
