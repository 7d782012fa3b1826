package workspace

import (
	"context"
	"reflect"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/boolplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seamapi/terraform-provider-seam/internal/provider/core"
	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// workspaceModel is the model of the resource seam_workspace. Create only starts managing the workspace
// of the credentials.
type workspaceModel struct {
	core.Managed
	Name               types.String `tfsdk:"name"`
	ConnectPartnerName types.String `tfsdk:"connect_partner_name"`
	PublishableKeyAuth types.Bool   `tfsdk:"is_publishable_key_auth_enabled"`
	Customization      types.Object `tfsdk:"connect_webview_customization"`
	IsSandbox          types.Bool   `tfsdk:"is_sandbox"`
}

func newWorkspaceResource() resource.Resource {
	return core.NewResource[workspaceModel]("workspace", workspaceSchema)
}

func workspaceSchema(ctx context.Context) schema.Schema {
	kept := []planmodifier.String{stringplanmodifier.UseStateForUnknown()}
	keptFlag := []planmodifier.Bool{boolplanmodifier.UseStateForUnknown()}
	return schema.Schema{
		MarkdownDescription: "The settings of the workspace of the provider's credentials. Create starts managing the workspace, and changes only arguments that are set. Seam cannot delete a workspace: destroy stops managing it, with a warning, and changes nothing.",
		Attributes: core.ManagedAttributes(ctx, "workspace", map[string]schema.Attribute{
			"workspace_id":                    core.ComputedStable("Same as `id`."),
			"name":                            schema.StringAttribute{MarkdownDescription: "Name of the workspace. Removing the argument keeps the last name.", Optional: true, Computed: true, PlanModifiers: kept, Validators: core.NonEmpty},
			"connect_partner_name":            schema.StringAttribute{MarkdownDescription: "Name shown to people who connect their accounts. Removing the argument keeps the last name.", Optional: true, Computed: true, PlanModifiers: kept, Validators: core.NonEmpty},
			"is_publishable_key_auth_enabled": schema.BoolAttribute{MarkdownDescription: "Whether the publishable key of the workspace can be used.", Optional: true, Computed: true, PlanModifiers: keptFlag},
			"connect_webview_customization": schema.SingleNestedAttribute{
				MarkdownDescription: "Look of the Connect Webviews. Without this argument, Terraform leaves it as it is.", Optional: true,
				Attributes: map[string]schema.Attribute{
					"logo_shape":                schema.StringAttribute{MarkdownDescription: "`circle` or `square`; Seam's default otherwise.", Optional: true, Validators: []validator.String{stringvalidator.OneOf("circle", "square")}},
					"primary_button_color":      core.OptionalString("Color of the button, such as `#232426`; Seam's default otherwise."),
					"primary_button_text_color": core.OptionalString("Color of the text on the button; Seam's default otherwise."),
					"success_message":           core.OptionalString("Text shown after an account was connected; Seam's default otherwise."),
				},
			},
			"is_sandbox": schema.BoolAttribute{MarkdownDescription: "Whether it is a sandbox, with simulated devices.", Computed: true, PlanModifiers: keptFlag},
		}),
	}
}

func (m *workspaceModel) Create(ctx context.Context, op *core.Request[workspaceModel]) error {
	return m.apply(ctx, op)
}

func (m *workspaceModel) Update(ctx context.Context, op *core.Request[workspaceModel]) error {
	return m.apply(ctx, op)
}

// apply sends the arguments that differ from the workspace as it is.
func (m *workspaceModel) apply(ctx context.Context, op *core.Request[workspaceModel]) error {
	now, err := op.Client.GetWorkspaceByID(ctx, op.Prior.ID.ValueString())
	if err != nil {
		return err
	}
	if in := m.changes(now); !reflect.ValueOf(in).IsZero() {
		if now, err = op.Client.UpdateWorkspace(ctx, now.ID, in); err != nil {
			return err
		}
	}
	m.fromAPI(now)
	return nil
}

func (m *workspaceModel) changes(now seam.WorkspaceDetails) (in seam.WorkspaceInput) {
	held := workspaceModel{Customization: m.Customization}
	held.fromAPI(now)
	if !m.Name.IsNull() && !m.Name.IsUnknown() && !m.Name.Equal(held.Name) {
		in.Name = m.Name.ValueStringPointer()
	}
	if !m.ConnectPartnerName.IsNull() && !m.ConnectPartnerName.IsUnknown() && !m.ConnectPartnerName.Equal(held.ConnectPartnerName) {
		in.ConnectPartnerName = m.ConnectPartnerName.ValueStringPointer()
	}
	if !m.PublishableKeyAuth.IsNull() && !m.PublishableKeyAuth.IsUnknown() && !m.PublishableKeyAuth.Equal(held.PublishableKeyAuth) {
		in.PublishableKeyAuth = m.PublishableKeyAuth.ValueBoolPointer()
	}
	if !m.Customization.Equal(held.Customization) {
		text := func(name string) *string {
			value, _ := m.Customization.Attributes()[name].(types.String)
			return value.ValueStringPointer()
		}
		in.Customization = &seam.WebviewCustomization{
			LogoShape: text("logo_shape"), ButtonColor: text("primary_button_color"), ButtonTextColor: text("primary_button_text_color"), SuccessMessage: text("success_message"),
		}
	}
	return in
}

func (m *workspaceModel) Read(ctx context.Context, op *core.Request[workspaceModel]) error {
	now, err := op.Client.GetWorkspaceByID(ctx, m.ID.ValueString())
	if err == nil {
		m.fromAPI(now)
	}
	return err
}

// fromAPI sets the model from a response. It takes the look only if it is configured.
func (m *workspaceModel) fromAPI(w seam.WorkspaceDetails) {
	m.Identify(w.ID, w.ID)
	m.Name, m.ConnectPartnerName = core.StringOrNull(w.Name), core.StringOrNull(w.ConnectPartnerName)
	m.PublishableKeyAuth, m.IsSandbox = types.BoolValue(w.PublishableKeyAuth), types.BoolValue(w.IsSandbox)
	if look := w.Customization; !m.Customization.IsNull() {
		m.Customization = types.ObjectValueMust(m.Customization.AttributeTypes(context.Background()), map[string]attr.Value{
			"logo_shape": types.StringPointerValue(look.LogoShape), "primary_button_color": types.StringPointerValue(look.ButtonColor),
			"primary_button_text_color": types.StringPointerValue(look.ButtonTextColor), "success_message": types.StringPointerValue(look.SuccessMessage),
		})
	}
}

func (m *workspaceModel) Delete(_ context.Context, op *core.Request[workspaceModel]) error {
	op.AddWarning("Workspace kept", "Seam cannot delete a workspace. "+m.ID.ValueString()+" stays as it is, and Terraform no longer manages its settings.")
	return nil
}
