package workspace

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seamapi/terraform-provider-seam/internal/provider/core"
	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// actionAttemptDataSourceModel is the model of seam_action_attempt.
type actionAttemptDataSourceModel struct {
	ID           types.String `tfsdk:"id"`
	ActionType   types.String `tfsdk:"action_type"`
	Status       types.String `tfsdk:"status"`
	ErrorType    types.String `tfsdk:"error_type"`
	ErrorMessage types.String `tfsdk:"error_message"`
	Remedy       types.String `tfsdk:"remedy"`
}

func newActionAttemptDataSource() datasource.DataSource {
	return core.NewDataSource[actionAttemptDataSourceModel]("action_attempt", schema.Schema{
		MarkdownDescription: "The status of a background action in Seam. The provider's errors name the action attempts they waited for. A successful attempt does not prove that a PIN is gone; destroying the access code does.",
		Attributes: map[string]schema.Attribute{
			"id":            schema.StringAttribute{MarkdownDescription: "ID of the action attempt.", Required: true, Validators: core.NonEmpty},
			"action_type":   core.ComputedString("Type of action, such as `DELETE_ACCESS_CODE` or `UNLOCK_DOOR`."),
			"status":        core.ComputedString("`pending`, `success` or `error`."),
			"error_type":    core.ComputedString("Seam's error type; null unless the action failed."),
			"error_message": core.ComputedString("Seam's explanation; digits that could be a PIN are masked."),
			"remedy":        core.ComputedString("Suggested fix; null if the provider has none."),
		},
	})
}

func (v *actionAttemptDataSourceModel) Read(ctx context.Context, client *seam.Client) error {
	a, err := client.GetActionAttempt(ctx, v.ID.ValueString())
	v.ActionType, v.Status, v.Remedy = core.StringOrNull(a.Type), core.StringOrNull(a.Status), core.StringOrNull(a.Remedy())
	if a.Error != nil {
		v.ErrorType, v.ErrorMessage = core.StringOrNull(a.Error.Type), core.StringOrNull(a.Error.Message)
	}
	return err
}
