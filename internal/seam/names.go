package seam

import "fmt"

// NameOf returns the name of the access code or lock with this ID if this run has read it, or
// otherwise.
func (c *Client) NameOf(id, otherwise string) string {
	if name, seen := c.names.Load(id); seen {
		return fmt.Sprint(name)
	}
	return otherwise
}

func (c *Client) storeName(id, name string) {
	if id != "" && name != "" {
		c.names.Store(id, name)
	}
}
