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
	valid := ask(tf, tf.Server.ValidateDataResourceConfig, &tfprotov6.ValidateDataResourceConfigRequest{TypeName: typeName, Config: c})
	if HasError(valid.Diagnostics) {
		return nil, valid.Diagnostics
	}
	resp := ask(tf, tf.Server.ReadDataSource, &tfprotov6.ReadDataSourceRequest{TypeName: typeName, Config: c})
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
	valid := ask(tf, tf.Server.ValidateEphemeralResourceConfig, &tfprotov6.ValidateEphemeralResourceConfigRequest{TypeName: typeName, Config: c})
	if HasError(valid.Diagnostics) {
		return Ephemeral{}, valid.Diagnostics
	}
	resp := ask(tf, tf.Server.OpenEphemeralResource, &tfprotov6.OpenEphemeralResourceRequest{TypeName: typeName, Config: c})
	if HasError(resp.Diagnostics) {
		return Ephemeral{}, resp.Diagnostics
	}
	return Ephemeral{typeName, tf.decodeObject(of, resp.Result), resp.Private}, resp.Diagnostics
}

// CloseEphemeral closes an ephemeral resource.
func (tf *Terraform) CloseEphemeral(o Ephemeral) Diagnostics {
	tf.T.Helper()
	closing := &tfprotov6.CloseEphemeralResourceRequest{TypeName: o.TypeName, Private: o.Private}
	return ask(tf, tf.Server.CloseEphemeralResource, closing).Diagnostics
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

// offered is the server as one of an optional feature.
func offered[Server any](tf *Terraform) Server {
	tf.T.Helper()
	server, ok := tf.Server.(Server)
	if !ok {
		tf.T.Fatalf("the provider is no %T", &server)
	}
	return server
}

// ValidateListConfig is what a plan says about the filter of a list.
func (tf *Terraform) ValidateListConfig(typeName string, config map[string]any) Diagnostics {
	tf.T.Helper()
	c := tf.Encode(tf.ObjectValue(tf.Schemas().ListResourceSchemas[typeName].ValueType(), config))
	lists := offered[tfprotov6.ListResourceServer](tf)
	return ask(tf, lists.ValidateListResourceConfig, &tfprotov6.ValidateListResourceConfigRequest{TypeName: typeName, Config: c}).Diagnostics
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
	req := &tfprotov6.ListResourceRequest{TypeName: typeName, Config: c, IncludeResource: include, Limit: limit}
	stream := ask(tf, offered[tfprotov6.ListResourceServer](tf).ListResource, req)
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

func (tf *Terraform) actionConfig(typeName string, config map[string]any) *tfprotov6.DynamicValue {
	tf.T.Helper()
	return tf.Encode(tf.ObjectValue(tf.Schemas().ActionSchemas[typeName].Schema.ValueType(), config))
}

// ValidateActionConfig is what a plan says about the configuration of an action.
func (tf *Terraform) ValidateActionConfig(typeName string, config map[string]any) Diagnostics {
	tf.T.Helper()
	req := &tfprotov6.ValidateActionConfigRequest{ActionType: typeName, Config: tf.actionConfig(typeName, config)}
	return ask(tf, offered[tfprotov6.ActionServer](tf).ValidateActionConfig, req).Diagnostics
}

// InvokeAction runs an action, and returns what it said meanwhile.
func (tf *Terraform) InvokeAction(typeName string, config map[string]any) (said []string, diags Diagnostics) {
	tf.T.Helper()
	req := &tfprotov6.InvokeActionRequest{ActionType: typeName, Config: tf.actionConfig(typeName, config)}
	stream := ask(tf, offered[tfprotov6.ActionServer](tf).InvokeAction, req)
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

// identityType is the type of the identity of a type of object.
func (tf *Terraform) identityType(typeName string) tftypes.Type {
	tf.T.Helper()
	schemas := ask(tf, tf.Server.GetResourceIdentitySchemas, &tfprotov6.GetResourceIdentitySchemasRequest{})
	return schemas.IdentitySchemas[typeName].ValueType()
}
