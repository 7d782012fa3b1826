package access

import (
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seamapi/terraform-provider-seam/internal/provider/core"
	"github.com/seamapi/terraform-provider-seam/internal/removal"
	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// requestedMethod is an entry of requested_access_methods.
type requestedMethod struct {
	Mode                  types.String `tfsdk:"mode"`
	Code                  types.String `tfsdk:"code"`
	InstantKeyMaxUseCount types.Int64  `tfsdk:"instant_key_max_use_count"`
}

// answers reports whether Seam's entry is what this one asks for. With code_wo, and without a
// preferred PIN, any PIN will do.
func (r requestedMethod) answers(a seam.RequestedAccessMethod) bool {
	return r.Mode.ValueString() == a.Mode && r.InstantKeyMaxUseCount.ValueInt64() == a.InstantKeyMaxUseCount && (r.Code.IsNull() || a.Code == "" || r.Code.ValueString() == a.Code)
}

func (r requestedMethod) equal(o requestedMethod) bool {
	return r.Mode.Equal(o.Mode) && r.Code.Equal(o.Code) && r.InstantKeyMaxUseCount.Equal(o.InstantKeyMaxUseCount)
}

// methods are the entries of requested_access_methods, if they are known.
func (m *accessGrant) methods(ctx context.Context) []requestedMethod {
	return core.ElementsOf[requestedMethod](ctx, m.RequestedMethods)
}

// requestedMethods is what to ask Seam for.
func (m *accessGrant) requestedMethods(ctx context.Context, client *seam.Client, writeOnly types.String) []seam.RequestedAccessMethod {
	var all []seam.RequestedAccessMethod
	for _, r := range m.methods(ctx) {
		all = append(all, r.request(client, writeOnly))
	}
	return all
}

func (r requestedMethod) request(client *seam.Client, writeOnly types.String) seam.RequestedAccessMethod {
	out := seam.RequestedAccessMethod{Mode: r.Mode.ValueString(), Code: r.Code.ValueString(), InstantKeyMaxUseCount: r.InstantKeyMaxUseCount.ValueInt64()}
	if out.Mode == "code" && !writeOnly.IsNull() {
		out.Code = writeOnly.ValueString()
	}
	client.AddSecret(out.Code)
	return out
}

// updateMethods requests the access methods that the plan adds, and then removes those that it
// drops, with proof: the person is not locked out in between.
func (m *accessGrant) updateMethods(ctx context.Context, op *core.Request[accessGrant]) error {
	planned, dropped := m.methods(ctx), op.Prior.methods(ctx)
	rotated := !op.Config.CodeWO.IsNull() && !m.CodeWOVersion.Equal(op.Prior.CodeWOVersion)
	var added []seam.RequestedAccessMethod
	for _, r := range planned {
		kept := slices.IndexFunc(dropped, r.equal)
		if same := slices.IndexFunc(dropped, func(d requestedMethod) bool { return d.Mode.Equal(r.Mode) && d.Code.Equal(op.Config.CodeWO) }); rotated && same >= 0 {
			dropped = slices.Delete(dropped, same, same+1) // an imported PIN that is write-only now
			continue
		}
		if kept >= 0 && (!rotated || r.Mode.ValueString() != "code") {
			dropped = slices.Delete(dropped, kept, kept+1)
			continue
		}
		added = append(added, r.request(op.Client, op.Config.CodeWO))
	}
	if len(added)+len(dropped) == 0 {
		return nil
	}
	before, err := seam.AccessGrants.Get(ctx, op.Client, op.Prior.Ref())
	if err != nil {
		return err
	}
	entries := make([]seam.RequestedAccessMethod, len(dropped))
	live, unlisted := before.LiveRequests(), before.UnlistedMethods()
	for i, r := range dropped {
		if entries[i] = takeEntry(&live, r); len(unlisted) > 0 && (len(entries[i].CreatedMethodIDs) == 0 || r.Mode.ValueString() == "code") {
			return unknownMethodError(before.ID, r, unlisted)
		}
	}
	if len(added) > 0 {
		if _, err := op.Client.RequestAccessMethods(ctx, before.ID, added); err != nil {
			return err
		}
	}
	for _, entry := range entries {
		if err := m.removeMethods(ctx, op, entry.CreatedMethodIDs); err != nil {
			return err
		}
	}
	return nil
}

// unknownMethodError says that the methods of an entry cannot be told from others.
func unknownMethodError(grantID string, r requestedMethod, unlisted []string) error {
	return core.WithAdvice(fmt.Errorf("the access method with mode %s cannot be removed from access grant %s: Seam does not say which access method was created for it. It may be %s", r.Mode.ValueString(), grantID, seam.JoinLimited(unlisted)),
		"Run again in a minute. If the error persists, delete that access method in the Seam console if it is the one, and run again.")
}

// takeEntry removes the entry that answers r from entries, and returns it.
func takeEntry(entries *[]seam.RequestedAccessMethod, r requestedMethod) seam.RequestedAccessMethod {
	at := slices.IndexFunc(*entries, r.answers)
	if at < 0 {
		return seam.RequestedAccessMethod{}
	}
	entry := (*entries)[at]
	*entries = slices.Delete(*entries, at, at+1)
	return entry
}

func (m *accessGrant) removeMethods(ctx context.Context, op *core.Request[accessGrant], methodIDs []string) error {
	for _, id := range methodIDs {
		method := op.Prior.target(ctx, op)
		method.ID, method.Parts = id, removal.GrantParts{}
		if err := removal.RemoveAccessMethod(ctx, op.Client, m.ID.ValueString(), method, m.updateRemoval(ctx, op)); err != nil {
			return adviseUpdate(err)
		}
	}
	return nil
}

// mergeMethods are the entries of the state that the grant still has, in their order, and then
// those that it has besides. An entry whose methods somebody deleted is left out.
func mergeMethods(held []requestedMethod, grant seam.AccessGrant, writeOnly bool) []requestedMethod {
	var merged []requestedMethod
	live := grant.LiveRequests()
	for _, r := range held {
		if entry := takeEntry(&live, r); entry.Mode != "" {
			merged = append(merged, r)
		}
	}
	for _, a := range live {
		extra := requestedMethod{types.StringValue(a.Mode), core.StringOrNull(a.Code), types.Int64Null()}
		if writeOnly {
			extra.Code = types.StringNull()
		}
		if a.InstantKeyMaxUseCount > 0 {
			extra.InstantKeyMaxUseCount = types.Int64Value(a.InstantKeyMaxUseCount)
		}
		merged = append(merged, extra)
	}
	return merged
}

// requestsPIN reports whether the mode code is among the requested access methods.
func (m *accessGrant) requestsPIN(ctx context.Context) bool {
	return slices.ContainsFunc(m.methods(ctx), func(r requestedMethod) bool { return r.Mode.ValueString() == "code" })
}

// lacksCode reports whether the state has no code for one of the doors, as for one that joined a space
// later.
func (m *accessGrant) lacksCode(ctx context.Context, client *seam.Client, grant seam.AccessGrant) bool {
	if !m.requestsPIN(ctx) {
		return false
	}
	locks := core.StringsOf(m.DeviceIDs)
	for _, space := range grant.SpaceIDs {
		inside, err := client.DoorsOfSpace(ctx, space, seam.Doors{})
		if err != nil {
			return true
		}
		locks = append(locks, inside.DeviceIDs...)
	}
	return slices.ContainsFunc(locks, func(id string) bool {
		return !grant.CannotHaveCode(id) && !slices.ContainsFunc(m.codes(), func(c removal.GrantCode) bool { return c.DeviceID == id })
	})
}
