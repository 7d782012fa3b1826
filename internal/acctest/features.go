package acctest

import (
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// ReadDataSource validates and reads a data source.
func (tf *Terraform) ReadDataSource(typeName string, config map[string]any) (map[string]any, Diagnostics) {
	tf.T.Helper()
	of := tf.Schemas().DataSourceSchemas[typeName].ValueType()
	c := tf.Encode(tf.ObjectValue(of, config))
	valid, err := tf.Server.ValidateDataResourceConfig(tf.T.Context(), &tfprotov6.ValidateDataResourceConfigRequest{TypeName: typeName, Config: c})
	tf.Must(err)
	if HasError(valid.Diagnostics) {
		return nil, valid.Diagnostics
	}
	resp, err := tf.Server.ReadDataSource(tf.T.Context(), &tfprotov6.ReadDataSourceRequest{TypeName: typeName, Config: c})
	tf.Must(err)
	if HasError(resp.Diagnostics) {
		return nil, resp.Diagnostics
	}
	return tf.decodeObject(of, resp.State), resp.Diagnostics
}

// Ephemeral is an ephemeral resource that is to be closed.
type Ephemeral struct {
	TypeName string
	Values   map[string]any
	Private  []byte
}

// OpenEphemeral validates and opens an ephemeral resource.
func (tf *Terraform) OpenEphemeral(typeName string, config map[string]any) (Ephemeral, Diagnostics) {
	tf.T.Helper()
	of := tf.Schemas().EphemeralResourceSchemas[typeName].ValueType()
	c := tf.Encode(tf.ObjectValue(of, config))
	valid, err := tf.Server.ValidateEphemeralResourceConfig(tf.T.Context(), &tfprotov6.ValidateEphemeralResourceConfigRequest{TypeName: typeName, Config: c})
	tf.Must(err)
	if HasError(valid.Diagnostics) {
		return Ephemeral{}, valid.Diagnostics
	}
	resp, err := tf.Server.OpenEphemeralResource(tf.T.Context(), &tfprotov6.OpenEphemeralResourceRequest{TypeName: typeName, Config: c})
	tf.Must(err)
	if HasError(resp.Diagnostics) {
		return Ephemeral{}, resp.Diagnostics
	}
	return Ephemeral{typeName, tf.decodeObject(of, resp.Result), resp.Private}, resp.Diagnostics
}

// CloseEphemeral closes an ephemeral resource.
func (tf *Terraform) CloseEphemeral(o Ephemeral) Diagnostics {
	tf.T.Helper()
	resp, err := tf.Server.CloseEphemeralResource(tf.T.Context(), &tfprotov6.CloseEphemeralResourceRequest{TypeName: o.TypeName, Private: o.Private})
	tf.Must(err)
	return resp.Diagnostics
}

// ListResult is one result of a list.
type ListResult struct {
	ID, Name string
	Identity map[string]any
	Resource map[string]any // nil unless asked for
}

// ListedIDs are those of what a list found.
func ListedIDs(found []ListResult) []string {
	var all []string
	for _, f := range found {
		all = append(all, f.ID)
	}
	slices.Sort(all)
	return all
}

func (tf *Terraform) lists() tfprotov6.ListResourceServer {
	tf.T.Helper()
	lists, ok := tf.Server.(tfprotov6.ListResourceServer)
	if !ok {
		tf.T.Fatal("the provider offers no lists")
	}
	return lists
}

// ValidateListConfig is what a plan says about the filter of a list.
func (tf *Terraform) ValidateListConfig(typeName string, config map[string]any) Diagnostics {
	tf.T.Helper()
	c := tf.Encode(tf.ObjectValue(tf.Schemas().ListResourceSchemas[typeName].ValueType(), config))
	valid, err := tf.lists().ValidateListResourceConfig(tf.T.Context(), &tfprotov6.ValidateListResourceConfigRequest{TypeName: typeName, Config: c})
	tf.Must(err)
	return valid.Diagnostics
}

// ListResources takes results until there are as many as enough; then it stops the list. Without a
// config, the list has no filter block.
func (tf *Terraform) ListResources(typeName string, config map[string]any, limit int64, include bool, enough int) (found []ListResult, diags Diagnostics) {
	tf.T.Helper()
	schemas, identity := tf.Schemas(), tf.identityType(typeName)
	var c *tfprotov6.DynamicValue
	if config != nil {
		c = tf.Encode(tf.ObjectValue(schemas.ListResourceSchemas[typeName].ValueType(), config))
	}
	stream, err := tf.lists().ListResource(tf.T.Context(), &tfprotov6.ListResourceRequest{TypeName: typeName, Config: c, IncludeResource: include, Limit: limit})
	tf.Must(err)
	for result := range stream.Results {
		if diags = append(diags, result.Diagnostics...); result.Identity == nil {
			continue
		}
		item := ListResult{Name: result.DisplayName, Identity: tf.decodeObject(identity, result.Identity.IdentityData)}
		item.ID, _ = item.Identity["id"].(string)
		if result.Resource != nil {
			item.Resource = tf.decodeObject(schemas.ResourceSchemas[typeName].ValueType(), result.Resource)
		}
		if found = append(found, item); len(found) == enough {
			break
		}
	}
	return found, diags
}

// GeneratedConfig is the configuration that Terraform makes of a listed resource: what can be
// configured, secrets left out.
func (tf *Terraform) GeneratedConfig(resource map[string]any) map[string]any {
	config := map[string]any{}
	for _, a := range tf.Schema.Block.Attributes {
		if (a.Required || a.Optional) && !a.Sensitive && resource[a.Name] != nil {
			config[a.Name] = resource[a.Name]
		}
	}
	return config
}

func (tf *Terraform) actions() tfprotov6.ActionServer {
	tf.T.Helper()
	actions, ok := tf.Server.(tfprotov6.ActionServer)
	if !ok {
		tf.T.Fatal("the provider offers no actions")
	}
	return actions
}

func (tf *Terraform) actionConfig(typeName string, config map[string]any) *tfprotov6.DynamicValue {
	tf.T.Helper()
	return tf.Encode(tf.ObjectValue(tf.Schemas().ActionSchemas[typeName].Schema.ValueType(), config))
}

// ValidateActionConfig is what a plan says about the configuration of an action.
func (tf *Terraform) ValidateActionConfig(typeName string, config map[string]any) Diagnostics {
	tf.T.Helper()
	valid, err := tf.actions().ValidateActionConfig(tf.T.Context(), &tfprotov6.ValidateActionConfigRequest{ActionType: typeName, Config: tf.actionConfig(typeName, config)})
	tf.Must(err)
	return valid.Diagnostics
}

// InvokeAction runs an action, and returns what it said meanwhile.
func (tf *Terraform) InvokeAction(typeName string, config map[string]any) (said []string, diags Diagnostics) {
	tf.T.Helper()
	stream, err := tf.actions().InvokeAction(tf.T.Context(), &tfprotov6.InvokeActionRequest{ActionType: typeName, Config: tf.actionConfig(typeName, config)})
	tf.Must(err)
	for event := range stream.Events {
		switch event := event.Type.(type) {
		case tfprotov6.ProgressInvokeActionEventType:
			said = append(said, event.Message)
		case tfprotov6.CompletedInvokeActionEventType:
			diags = event.Diagnostics
		}
	}
	return said, diags
}

// identity is the identity in the state, as Go has it.
func (tf *Terraform) identity() map[string]any {
	tf.T.Helper()
	if tf.Identity == nil || tf.Identity.IdentityData == nil {
		tf.T.Fatal("there is no identity")
	}
	return tf.decodeObject(tf.identityType(tf.TypeName), tf.Identity.IdentityData)
}

// encodeIdentity is an identity as the CLI keeps it.
func (tf *Terraform) encodeIdentity(identity map[string]any) *tfprotov6.ResourceIdentityData {
	tf.T.Helper()
	return &tfprotov6.ResourceIdentityData{IdentityData: tf.Encode(tf.ObjectValue(tf.identityType(tf.TypeName), identity))}
}

// identityType is the type of the identity of a type of object.
func (tf *Terraform) identityType(typeName string) tftypes.Type {
	tf.T.Helper()
	schemas, err := tf.Server.GetResourceIdentitySchemas(tf.T.Context(), &tfprotov6.GetResourceIdentitySchemasRequest{})
	tf.Must(err)
	return schemas.IdentitySchemas[typeName].ValueType()
}
