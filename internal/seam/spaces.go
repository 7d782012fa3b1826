package seam

import "context"

// Space is a group of doors. The object does not name them: see [Client.DoorsOfSpace].
type Space struct {
	ID           string    `json:"space_id"`
	Key          string    `json:"space_key"`
	Name         string    `json:"name"`
	CustomerKey  string    `json:"customer_key"`
	CustomerData Metadata  `json:"customer_data"`
	CreatedAt    Timestamp `json:"created_at"`

	Doors Doors `json:"-"` // filled by callers that show them
}

// ObjectID is the space's id.
func (s Space) ObjectID() string { return s.ID }

// SpaceInput is what a space is created with. An update takes the name, and the entries of
// CustomerData that change; nil clears an entry.
type SpaceInput struct {
	Key          string             `json:"space_key,omitempty"`
	CustomerKey  string             `json:"customer_key,omitempty"`
	Name         string             `json:"name,omitempty"`
	CustomerData map[string]*string `json:"customer_data,omitempty"`
	DeviceIDs    []string           `json:"device_ids,omitempty"`
	EntranceIDs  []string           `json:"acs_entrance_ids,omitempty"`
	AccountIDs   []string           `json:"connected_account_ids,omitempty"`
}

// Spaces are the spaces of the workspace.
var Spaces = Endpoint[Space, SpaceInput]{Path: "/spaces", One: "space", Many: "spaces", Bulk: true}

// CreateSpace creates a space with its doors.
func (c *Client) CreateSpace(ctx context.Context, in SpaceInput) (Space, error) {
	defer c.InvalidateDoors()
	return Spaces.Create(ctx, c, in)
}

// AccountsOfSpace lists the IDs of the connected accounts of a space.
func (c *Client) AccountsOfSpace(ctx context.Context, spaceID string) ([]string, error) {
	accounts, err := collect(ConnectedAccounts.List(ctx, c, map[string]any{"space_id": spaceID}))
	return IDsOf(accounts), err
}

// SetAccountOfSpace adds a connected account to a space, or removes it.
func (c *Client) SetAccountOfSpace(ctx context.Context, spaceID, accountID string, wanted bool) error {
	verb := "/remove_connected_account"
	if wanted {
		verb = "/add_connected_account"
	}
	_, err := c.post(ctx, Spaces.Path+verb, map[string]string{"space_id": spaceID, "connected_account_id": accountID}, &struct{}{})
	return err
}
