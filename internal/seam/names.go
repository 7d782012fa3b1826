package seam

import "fmt"

// NameOf is what people call the access code or lock with this id, if this run has seen it.
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
