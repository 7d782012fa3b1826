package accesscode

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seamapi/terraform-provider-seam/internal/provider/core"
	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// allowance is what a lock may have.
type allowance struct {
	ids     []string // lower case
	grants  []string // whose codes are among the ids
	managed bool     // all managed codes are allowed
}

// allowance is what the configuration allows, with the codes of the grants and the backup codes of
// allowed codes on the lock.
func (m *exclusive) allowance(ctx context.Context, client *seam.Client, on seam.LockCodes, fresh bool) (allowance, error) {
	a := allowance{grants: core.StringsOf(m.AccessGrantIDs), managed: m.AccessCodeIDs.IsNull() && m.AccessGrantIDs.IsNull()}
	codes, err := client.CodesOfGrants(ctx, a.grants, fresh)
	for _, id := range slices.Concat(core.StringsOf(m.AccessCodeIDs), core.StringsOf(m.UnmanagedAccessCodeIDs), codes) {
		a.ids = append(a.ids, strings.ToLower(id))
	}
	for _, code := range on.All() {
		if code.PulledBackupAccessCodeID != "" && a.lists(code.ID) {
			a.ids = append(a.ids, strings.ToLower(code.PulledBackupAccessCodeID))
		}
	}
	return a, err
}

func (a allowance) lists(id string) bool { return slices.Contains(a.ids, strings.ToLower(id)) }

// strangersOn are the codes on a lock that are not allowed.
func (a allowance) strangersOn(client *seam.Client, on seam.LockCodes) map[string]stranger {
	strangers := map[string]stranger{}
	for id, code := range on.Managed {
		if !a.managed && !a.lists(id) && !code.IsBackup {
			strangers[id] = newStranger(client, code, kindManaged)
		}
	}
	for id, code := range on.Unmanaged {
		if _, converting := on.Managed[id]; !converting && !a.lists(id) {
			strangers[id] = newStranger(client, code, kindUnmanaged)
		}
	}
	return strangers
}

// names reports whether the configuration names a code.
func (m *exclusive) names(id string) bool {
	return slices.ContainsFunc(slices.Concat(core.StringsOf(m.AccessCodeIDs), core.StringsOf(m.UnmanagedAccessCodeIDs)), func(named string) bool { return strings.EqualFold(named, id) })
}

// unshown drops the strangers that a plan from this state shows: as strangers of the same kind, or as IDs
// that are not allowed any more. The latter may be codes that the same run deletes.
func (m *exclusive) unshown(ctx context.Context, strangers map[string]stranger) map[string]stranger {
	left, known := maps.Clone(strangers), m.strangers(ctx)
	maps.DeleteFunc(left, func(id string, s stranger) bool {
		was, shown := known[id]
		return shown && was.Kind == s.Kind || m.names(id)
	})
	return left
}

func newStranger(client *seam.Client, code seam.AccessCode, kind string) stranger {
	return stranger{core.StringOrNull(client.RedactKnown(code.Name)), types.StringValue(kind)}
}

// describe names strangers in messages.
func describe(strangers map[string]stranger) string {
	names := make([]string, 0, len(strangers))
	for id, s := range strangers {
		names = append(names, s.describe(id))
	}
	return seam.JoinLimited(names)
}

func (s stranger) describe(id string) string {
	text := strings.ReplaceAll(s.Kind.ValueString(), "_", " ") + " " + id
	if name := s.Name.ValueString(); name != "" {
		text += ` ("` + name + `")`
	}
	return text
}
