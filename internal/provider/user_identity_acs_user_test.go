package provider

import (
	"strings"
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/acctest"
	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

func TestUserIdentityAcsUser_conforms(t *testing.T) {
	conform(t, acctest.Case{
		Type: "seam_user_identity_acs_user", Replaces: "acs_user_id",
		Configs: func(h *acctest.Harness) (before, after, other arguments) {
			system := h.Seam.AddAccessSystem("brivo_account").ID
			user := func(name string) string {
				return h.Seam.AddObject("acs_user", map[string]any{"acs_system_id": system, "full_name": name}).ID
			}
			before = arguments{"user_identity_id": h.Seam.AddObject("user_identity", map[string]any{"full_name": "Ana"}).ID, "acs_user_id": user("Ana")}
			return before, before.With(arguments{"timeouts": arguments{"delete": "20m"}}), before.With(arguments{"acs_user_id": user("Ana S.")})
		},
		IDs: func(h *acctest.Harness) (ids []string) {
			for _, user := range h.Seam.Objects("acs_user") {
				if person := user.Text("user_identity_id"); person != "" {
					ids = append(ids, person+"/"+user.ID)
				}
			}
			return ids
		},
		Remove: func(h *acctest.Harness, id string) {
			_, user, _ := strings.Cut(id, "/")
			h.Seam.LinkUser("", user)
		},
		Missing: acctest.MissingID + "/" + acctest.MissingID,
		Create:  "/user_identities/add_acs_user", Get: "/acs/users/get", List: "/acs/users/list", NotFound: "acs_user_not_found",
		OtherPaths: []string{"/user_identities/remove_acs_user", "/user_identities/list_acs_users"},
		DataSource: "seam_user_identity_acs_user", Lookup: func(_ *acctest.Harness, id string) arguments { return arguments{"id": id} },
		Except: map[string]string{"no secret": "It has no secret.", "wrong workspace, change": "A change concerns arguments that only the provider knows."},
	})
}

// withIdentityLink links a user to a person by Terraform.
func withIdentityLink(t *testing.T, test func(h *harness, config values)) {
	t.Helper()
	withHarnessFor(t, "seam_user_identity_acs_user", func(h *harness) {
		user := h.seam.AddObject("acs_user", map[string]any{"acs_system_id": h.seam.AddAccessSystem("brivo_account").ID, "full_name": "Ana"})
		config := values{"user_identity_id": h.seam.AddObject("user_identity", map[string]any{"full_name": "Ana"}).ID, "acs_user_id": user.ID}
		h.requireNoDiagnostics(h.apply(config))
		h.restart()
		test(h, config)
	})
}

// Does the user stay in the access system without the link?
func TestUserIdentityAcsUser_destroyKeepsTheUser(t *testing.T) {
	withIdentityLink(t, func(h *harness, config values) {
		h.requireNoDiagnostics(h.destroy())
		h.requireNoState()
		requireEqual(t, "users", len(h.seam.Objects("acs_user")), 1)
		requireEqual(t, "person", h.seam.Objects("acs_user")[0].Text("user_identity_id"), "")
	})
}

// Is a user who belongs to somebody else taken over?
func TestUserIdentityAcsUser_userOfAnother(t *testing.T) {
	withIdentityLink(t, func(h *harness, config values) {
		another := h.newObject("seam_user_identity_acs_user")
		ben := h.seam.AddObject("user_identity", map[string]any{"full_name": "Ben"}).ID
		another.requireError(another.apply(config.with(values{"user_identity_id": ben})), "Unable to create user identity acs user", "acs_user_has_another_user_identity")
		requireEqual(t, "person", h.seam.Objects("acs_user")[0].Text("user_identity_id"), config["user_identity_id"])
	})
}

// Does a create that fails leave a link that no state knows of, or a state that no refresh can read?
func TestUserIdentityAcsUser_createThatFails(t *testing.T) {
	for name, c := range map[string]struct {
		fault  seamtest.Fault
		linked bool
	}{
		"500":     {seamtest.Fault{Status: 500, Processed: true}, true},
		"refused": {seamtest.Fault{Status: 400, Type: "acs_user_is_synced"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			withIdentityLink(t, func(h *harness, config values) {
				h.requireNoError(h.destroy())
				c.fault.Path = "/user_identities/add_acs_user"
				fault := h.seam.InjectFault(c.fault)
				h.requireError(h.apply(config), "Unable to create user identity acs user")
				fault.Remove()
				h.restart()
				h.requireNoError(h.refresh())
				requireEqual(t, "in the state", !h.State.IsNull(), c.linked)
				h.requireNoError(h.apply(config))
				h.requireSettled(config)
				h.requireNoError(h.destroy())
				requireEqual(t, "person", h.seam.Objects("acs_user")[0].Text("user_identity_id"), "")
			})
		})
	}
}

// Is an interrupted create, of which nothing came, forgotten by the next refresh?
func TestUserIdentityAcsUser_interruptedCreate(t *testing.T) {
	withIdentityLink(t, func(h *harness, config values) {
		h.requireNoError(h.destroy())
		fault := h.seam.InjectFault(seamtest.Fault{Path: "/user_identities/add_acs_user", Delay: time.Hour})
		time.AfterFunc(time.Second, h.Interrupt)
		h.requireError(h.apply(config), "Unable to create user identity acs user")
		fault.Remove()
		h.restart()
		h.requireNoError(h.refresh())
		h.requireNoState()
		h.requireNoError(h.apply(config))
	})
}

// Does one answer that is out of date drop a link from the state?
func TestUserIdentityAcsUser_staleUser(t *testing.T) {
	withIdentityLink(t, func(h *harness, config values) {
		h.seam.DescribeObjects("acs_user", func(verb string, fields map[string]any) {
			if verb != "list" {
				delete(fields, "user_identity_id")
			}
		})
		h.disableBulkRead()
		h.requireSettled(config)
		requireEqual(t, "requests", h.seam.Count("/user_identities/list_acs_users") > 0, true)
	})
}

// Do many reads of links share the list of users in a plan?
func TestUserIdentityAcsUser_plansByLists(t *testing.T) {
	withIdentityLink(t, func(h *harness, config values) {
		h.configure(values{"bulk_read": true}) // whatever the other tests run with
		h.restart()
		h.seam.ResetRequests()
		for range 20 {
			h.requireNoError(h.refresh())
		}
		h.requireRequests("/acs/users/list", 1)
		h.requireRequests("/acs/users/get", 0)
	})
}
