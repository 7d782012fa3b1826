package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/seamapi/terraform-provider-seam/internal/provider"
)

const firstPIN = 100000

func pinOf(i int) string  { return strconv.Itoa(firstPIN + i) }
func nameOf(i int) string { return fmt.Sprintf("Code %d", i) }

const hclHead = `terraform {
  required_providers {
    seam = {
      source = "seamapi/seam"
    }
  }
}

variable "bulk_read" {
  type    = bool
  default = null
}

provider "seam" {
  bulk_read = var.bulk_read
}

locals {
  locks = [%s]
}
`

const hclCodes = `
resource "seam_access_code" "code" {
  count     = %d
  device_id = local.locks[count.index %% length(local.locks)]
  name      = "Code ${count.index}"
  code      = tostring(%d + count.index)
  removal   = %s
}
`

func (e *environment) writeConfig(p fixture) error {
	var locks []string
	for _, lock := range e.locks {
		locks = append(locks, strconv.Quote(lock.ID))
	}
	text := fmt.Sprintf(hclHead, strings.Join(locks, ", "))
	switch p.kind {
	case kindCodes:
		text += p.hclCodes()
	case kindGrants:
		text += fmt.Sprintf(hclGrants, p.codes, p.codes, firstPIN)
	case kindExclusive:
		text += p.hclCodes() + fmt.Sprintf(hclExclusive, e.grant)
	case kindUsers:
		text += e.system.hcl(p.codes)
	}
	return os.WriteFile(filepath.Join(e.dir, "main.tf"), []byte(text), 0o600)
}

func (p fixture) hclCodes() string {
	return fmt.Sprintf(hclCodes, p.codes, firstPIN, quoteOrNull(p.removal))
}

func quoteOrNull(text string) string {
	if text == "" {
		return "null"
	}
	return strconv.Quote(text)
}

// stateInstance is one object in a Terraform state, format 4.
type stateInstance struct {
	IndexKey            int            `json:"index_key"`
	SchemaVersion       int            `json:"schema_version"`
	Attributes          map[string]any `json:"attributes"`
	SensitiveAttributes [][]pathStep   `json:"sensitive_attributes"`
	Private             []byte         `json:"private,omitempty"`
	Dependencies        []string       `json:"dependencies,omitempty"`
}

// stateResource is a resource with its instances in a Terraform state.
type stateResource struct {
	Mode      string          `json:"mode"`
	Type      string          `json:"type"`
	Name      string          `json:"name"`
	Instances []stateInstance `json:"instances"`
	Provider  string          `json:"provider"`
}

func newStateResource(typeName, name string, instances []stateInstance) stateResource {
	return stateResource{"managed", typeName, name, instances, `provider["registry.terraform.io/seamapi/seam"]`}
}

type pathStep struct {
	Type  string `json:"type"`
	Value any    `json:"value"`
}

func newCodeResource(codes []accessCode, removal string) stateResource {
	instances := make([]stateInstance, len(codes))
	for i, code := range codes {
		instances[i] = newCodeInstance(i, code, removal)
	}
	return newStateResource("seam_access_code", "code", instances)
}

// newCodeInstance has what the provider would have stored. If it has not, a plan shows it.
func newCodeInstance(i int, c accessCode, removal string) stateInstance {
	attributes := map[string]any{
		"id": c.ID, "workspace_id": c.WorkspaceID, "type": c.Type, "created_at": c.CreatedAt.Format(time.RFC3339Nano),
		"device_id": c.DeviceID, "name": c.Name, "code": c.Code,
		"is_external_modification_allowed": false, "is_offline_access_code": false, "is_one_time_use": false, "is_managed": true,
	}
	if removal != "" {
		attributes["removal"] = removal
	}
	return stateInstance{
		IndexKey: i, Attributes: attributes,
		SensitiveAttributes: [][]pathStep{{{"get_attr", "code"}}},
	}
}

// writeState writes a state in which the attributes that an instance lacks are null: the provider
// stores all.
func (e *environment) writeState(resources ...stateResource) error {
	schemas, err := provider.NewServer("bench").GetProviderSchema(context.Background(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		return err
	}
	for _, r := range resources {
		for _, attribute := range schemas.ResourceSchemas[r.Type].Block.Attributes {
			for _, instance := range r.Instances {
				if _, ok := instance.Attributes[attribute.Name]; !ok {
					instance.Attributes[attribute.Name] = nil
				}
			}
		}
	}
	state, err := json.Marshal(map[string]any{
		"version": 4, "terraform_version": "1.11.0", "serial": 1, "lineage": "6c7c2d4e-6a39-4c0a-9d2a-3f1b6f1f7a55",
		"outputs": map[string]any{}, "check_results": nil, "resources": resources,
	})
	return errors.Join(err, os.WriteFile(filepath.Join(e.dir, "terraform.tfstate"), state, 0o600))
}
