package access

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seamapi/terraform-provider-seam/internal/provider/core"
	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// deviceAccess is the model of seam_device_access.
type deviceAccess struct {
	DeviceID types.String            `tfsdk:"device_id"`
	At       types.String            `tfsdk:"at"`
	Access   []deviceAccessEntry     `tfsdk:"access"`
	PINs     map[string]types.String `tfsdk:"pins"`
}

type deviceAccessEntry struct {
	Kind          types.String `tfsdk:"kind"`
	ID            types.String `tfsdk:"id"`
	Name          types.String `tfsdk:"name"`
	Mode          types.String `tfsdk:"mode"`
	AccessGrantID types.String `tfsdk:"access_grant_id"`
	StartsAt      types.String `tfsdk:"starts_at"`
	EndsAt        types.String `tfsdk:"ends_at"`
	Status        types.String `tfsdk:"status"`
	InForce       types.Bool   `tfsdk:"in_force"`
}

func newDeviceAccessDataSource() datasource.DataSource {
	return core.NewDataSource[deviceAccess]("device_access", schema.Schema{
		MarkdownDescription: "Who can open a lock, as far as Seam knows: access codes that this workspace manages, unmanaged access codes, backup codes in use, and access grants with their access methods. A lock may also open for what Seam cannot list, such as mechanical keys, codes that the lock computes itself, and cards encoded elsewhere.",
		Attributes: map[string]schema.Attribute{
			"device_id": schema.StringAttribute{MarkdownDescription: "ID of the lock.", Required: true, Validators: core.NonEmpty},
			"at":        schema.StringAttribute{MarkdownDescription: "Time for `in_force`, in RFC 3339 format; by default now, by Seam's clock.", Optional: true, Validators: []validator.String{core.RFC3339}},
			"access": core.ComputedObjectList("One entry for each code, grant and access method, ordered by kind and id.", map[string]schema.Attribute{
				"kind":            core.ComputedString("`access_code`, `backup_access_code`, `unmanaged_access_code`, `access_grant` or `access_method`."),
				"id":              core.ComputedString("ID of the code, grant or access method."),
				"name":            core.ComputedString("Name; null if there is none. PINs in it are masked."),
				"mode":            core.ComputedString("How the door is opened: `code`, `card`, `mobile_key` or `cloud_key`; null for a grant."),
				"access_grant_id": core.ComputedString("Grant to which it belongs; null if none does."),
				"starts_at":       core.ComputedString("Start, in RFC 3339 format; null if there is none."),
				"ends_at":         core.ComputedString("End, in RFC 3339 format; null if there is none."),
				"status":          core.ComputedString("Of a code, its status on the lock, such as `set`, `unset` or `removing`. Of an access method, `issued` or `not_issued`. `removing` while Seam deletes a grant or an access method."),
				"in_force":        core.ComputedBool("Whether the time `at` is between `starts_at` and `ends_at`. A code counts even if it is not on the lock yet; an access method only if it is issued."),
			}),
			"pins": schema.MapAttribute{MarkdownDescription: "PINs of the access codes, by the id of the code, as far as they are known. They are stored in the state.", Computed: true, Sensitive: true, ElementType: types.StringType},
		},
	})
}

func (v *deviceAccess) Read(ctx context.Context, client *seam.Client) error {
	lock, err := client.GetDevice(ctx, v.DeviceID.ValueString())
	if err != nil {
		return err
	}
	grants, err := client.GrantsOnLock(ctx, lock)
	if err != nil {
		return err
	}
	on, err := client.CodesOnLock(ctx, lock.ID)
	if err != nil {
		return err
	}
	backups, err := client.PulledBackupCodes(ctx, on)
	if err != nil {
		return err
	}
	at := client.Now()
	if !v.At.IsNull() {
		at, _ = seam.ParseTime(v.At.ValueString())
	}
	v.Access, v.PINs = []deviceAccessEntry{}, map[string]types.String{}
	v.addCodes(client, at, "access_code", slices.Concat(slices.Collect(maps.Values(on.Managed)), backups), grants)
	v.addCodes(client, at, "unmanaged_access_code", slices.Collect(maps.Values(on.Unmanaged)), nil)
	for _, grant := range grants {
		v.addGrant(client, at, grant)
	}
	slices.SortFunc(v.Access, func(a, b deviceAccessEntry) int {
		return cmp.Or(cmp.Compare(a.Kind.ValueString(), b.Kind.ValueString()), cmp.Compare(a.ID.ValueString(), b.ID.ValueString()))
	})
	return nil
}

func (v *deviceAccess) addCodes(client *seam.Client, at time.Time, kind string, codes []seam.AccessCode, grants []seam.GrantOnLock) {
	for _, code := range codes {
		entry := deviceAccessEntry{
			Kind: types.StringValue(kind), ID: types.StringValue(code.ID), Name: core.StringOrNull(client.RedactKnown(code.Name)), Mode: types.StringValue("code"),
			StartsAt: core.TimeValue(code.StartsAt), EndsAt: core.TimeValue(code.EndsAt), Status: core.StringOrNull(code.Status), InForce: inForce(at, code.StartsAt, code.EndsAt),
		}
		if code.IsBackup {
			entry.Kind = types.StringValue("backup_access_code")
		}
		for _, grant := range grants {
			if slices.Contains(grant.CodeIDs, code.ID) {
				entry.AccessGrantID = types.StringValue(grant.ID)
			}
		}
		if code.Code != "" {
			v.PINs[code.ID] = types.StringValue(code.Code)
		}
		v.Access = append(v.Access, entry)
	}
}

func (v *deviceAccess) addGrant(client *seam.Client, at time.Time, grant seam.GrantOnLock) {
	entry := deviceAccessEntry{
		Kind: types.StringValue("access_grant"), ID: types.StringValue(grant.ID), Name: core.StringOrNull(client.RedactKnown(grant.Name)), AccessGrantID: types.StringValue(grant.ID),
		StartsAt: core.TimeValue(grant.StartsAt), EndsAt: core.TimeValue(grant.EndsAt), InForce: inForce(at, grant.StartsAt, grant.EndsAt),
	}
	if grant.BeingRemoved() {
		entry.Status = types.StringValue("removing")
	}
	v.Access = append(v.Access, entry)
	for _, method := range grant.Methods {
		way := entry
		way.Kind, way.ID, way.Mode = types.StringValue("access_method"), types.StringValue(method.ID), core.StringOrNull(method.Mode)
		way.Name, way.Status = core.StringOrNull(client.RedactKnown(method.DisplayName)), methodStatus(method)
		way.InForce = types.BoolValue(entry.InForce.ValueBool() && method.IsIssued)
		v.Access = append(v.Access, way)
	}
}

func methodStatus(m seam.AccessMethod) types.String {
	switch {
	case m.BeingRemoved():
		return types.StringValue("removing")
	case m.IsIssued:
		return types.StringValue("issued")
	}
	return types.StringValue("not_issued")
}

// inForce reports whether a time is in a window. Zero times are unbounded.
func inForce(at time.Time, starts, ends seam.Timestamp) types.Bool {
	return types.BoolValue(!starts.After(at) && (ends.IsZero() || ends.After(at)))
}
