package sandbox

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/seamapi/terraform-provider-seam/internal/acctest"
	"github.com/seamapi/terraform-provider-seam/internal/provider"
)

// newTerraform is Terraform in this process, with the provider as users have it.
func (s *sandbox) newTerraform(t *testing.T, typeName string) *acctest.Terraform {
	t.Helper()
	tf := &acctest.Terraform{
		T: t, TypeName: typeName,
		NewServer:      func(acctest.Log) tfprotov6.ProviderServer { return provider.NewServer("sandbox") },
		ProviderConfig: object{"api_key": s.key, "endpoint": s.endpoint},
	}
	tf.Start()
	return tf
}

// apply applies a configuration, and plans it again in another run, which must change nothing.
func apply(tf *acctest.Terraform, config object) {
	tf.T.Helper()
	tf.RequireNoError(tf.Apply(config))
	tf.Restart()
	tf.RequireCleanPlan(config)
}

func destroy(tf *acctest.Terraform) {
	tf.T.Helper()
	tf.Restart()
	tf.RequireNoError(tf.Destroy())
	tf.RequireNoState()
}

func (s *sandbox) testAccessCode(t *testing.T) {
	code := s.newTerraform(t, "seam_access_code")
	config := object{"device_id": s.lock, "name": s.newName(t), "wait_for_set": true}
	apply(code, config)
	config["name"] = s.newName(t)
	apply(code, config)
	destroy(code)
}

func (s *sandbox) testAccessGrant(t *testing.T) {
	person := s.newTerraform(t, "seam_user_identity")
	name := s.newName(t)
	apply(person, object{"user_identity_key": name, "full_name": name})
	grant := person.NewObject("seam_access_grant")
	apply(grant, object{
		"user_identity_id": person.ID(), "name": s.newName(t), "device_ids": []any{s.lock},
		"requested_access_methods": []any{object{"mode": "code"}},
	})
	destroy(grant)
	destroy(person)
}
