package seam

import (
	"context"
	"iter"
	"slices"
)

// AccessGrantsWithDoors are AccessGrants whose codes and doors are read as well.
var AccessGrantsWithDoors = grantsWithDoors{AccessGrants}

type grantsWithDoors struct {
	Endpoint[AccessGrant, AccessGrantInput]
}

func (e grantsWithDoors) Get(ctx context.Context, c *Client, ref Ref) (AccessGrant, error) {
	return c.readAccess(ctx)(e.Endpoint.Get(ctx, c, ref))
}

func (e grantsWithDoors) GetBy(ctx context.Context, c *Client, attribute, value string) (AccessGrant, error) {
	return c.readAccess(ctx)(e.Endpoint.GetBy(ctx, c, attribute, value))
}

// List does not show PINs, which would end up in a generated configuration.
func (e grantsWithDoors) List(ctx context.Context, c *Client, filter map[string]any) iter.Seq2[AccessGrant, error] {
	return func(yield func(AccessGrant, error) bool) {
		for grant, err := range e.Endpoint.List(ctx, c, filter) {
			grant, err = c.readAccess(ctx)(grant, err)
			for i := range grant.RequestedMethods {
				grant.RequestedMethods[i].Code = ""
			}
			if !yield(grant, err) || err != nil {
				return
			}
		}
	}
}

// readAccess is [Client.ReadGrantAccess] for the result of a read.
func (c *Client) readAccess(ctx context.Context) func(AccessGrant, error) (AccessGrant, error) {
	return func(grant AccessGrant, err error) (AccessGrant, error) {
		if err != nil {
			return grant, err
		}
		return c.ReadGrantAccess(ctx, grant)
	}
}

// GrantsOnSpace lists the grants on a space; none if the space is gone.
func (c *Client) GrantsOnSpace(ctx context.Context, spaceID string) ([]AccessGrant, error) {
	return c.grantsWith(ctx, "space_id", spaceID, func(g AccessGrant) bool { return slices.Contains(g.SpaceIDs, spaceID) })
}

// GrantsOfPerson lists the grants of a user identity; none if the person is gone.
func (c *Client) GrantsOfPerson(ctx context.Context, id string) ([]AccessGrant, error) {
	grants, err := c.grantsWith(ctx, "user_identity_id", id, func(g AccessGrant) bool { return g.UserIdentityID == id })
	return slices.DeleteFunc(grants, func(g AccessGrant) bool { return g.UserIdentityID != "" && g.UserIdentityID != id }), err
}

// grantsWith lists the grants that a filter finds, and those that only the list of all grants has: one
// of the two lists may be out of date. A get decides about the latter.
func (c *Client) grantsWith(ctx context.Context, parameter, id string, matches func(AccessGrant) bool) ([]AccessGrant, error) {
	found, err := collect(AccessGrants.List(ctx, c, map[string]any{parameter: id}))
	if err != nil && !IsNotFound(err, "space_not_found") && !IsNotFound(err, "user_identity_not_found") {
		return nil, err
	}
	all, err := AccessGrants.All(ctx, c)
	for _, grant := range all {
		if err != nil || !matches(grant) || slices.Contains(IDsOf(found), grant.ID) {
			continue
		}
		var gone bool
		if grant, gone, _, err = AccessGrants.LookUp(ctx, c, grant.ID); err == nil && !gone && matches(grant) {
			found = append(found, grant)
		}
	}
	return found, err
}
