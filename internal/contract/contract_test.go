//go:build contract

package contract

import "testing"

// contractCase is one case, run through the client or through Terraform.
type contractCase struct {
	name      string
	client    func(*clientHarness)
	terraform func(*terraformHarness)
}

func TestContract(t *testing.T) {
	for _, which := range []struct {
		name  string
		start func(*testing.T) *server
	}{{seamtestName, startSeamtest}, {officialName, startOfficial}} {
		t.Run(which.name, func(t *testing.T) {
			t.Parallel()
			runCases(t, which.start(t))
		})
	}
}

func runCases(t *testing.T, s *server) {
	ran := 0
	for _, i := range contractCases {
		t.Run(i.name, func(t *testing.T) {
			ran++
			if i.client != nil {
				i.client(newClientHarness(t, s))
				return
			}
			tf := newTerraformHarness(t, s)
			i.terraform(tf)
			if !tf.State.IsNull() {
				tf.mustDestroy()
			}
		})
	}
	for _, d := range deviations {
		if ran == len(contractCases) && !s.checked[d] {
			t.Errorf("no case checks %s: %s", d.where, d.does)
		}
	}
}

var contractCases = []contractCase{
	{name: "access code with a PIN", client: accessCodeWithPIN},
	{name: "access code without a PIN gets one", client: accessCodeGeneratedPIN},
	{name: "access code waits until it is set", client: accessCodeWaitForSet},
	{name: "access code with a duplicate PIN", client: accessCodeDuplicatePIN},
	{name: "access code whose create response is lost", client: accessCodeLostCreate},
	{name: "access code with invalid input", client: accessCodeInvalidInput},

	{name: "access code update: name", client: accessCodeRename},
	{name: "access code update: PIN", client: accessCodeRotatePIN},
	{name: "access code update: duplicate PIN", client: accessCodeRotateToDuplicatePIN},
	{name: "access code update: time window", client: accessCodeTimeWindow},
	{name: "access code update: without the time window", client: accessCodeUpdateWithoutWindow},

	{name: "access code changed externally", client: accessCodeChangedExternally},
	{name: "access code removed externally", client: accessCodeRemovedExternally},
	{name: "access code removed externally, PIN left on the lock", client: accessCodeLeftover},
	{name: "access code unmanaged externally", client: accessCodeUnmanagedExternally},
	{name: "access code read by the id of an unmanaged one", client: accessCodeUnmanagedID},

	{name: "removal waits for the attempt and the 404", client: removalVerified},
	{name: "removal of a code that is already gone", client: removalAlreadyGone},
	{name: "removal whose attempt fails", client: removalFails},
	{name: "removal by event", client: removalByEvent},
	{name: "removal that leaves the PIN on the lock", client: removalLeftover},
	{name: "removal with an unknown attempt", client: removalUnknownAttempt},
	{name: "removal with the same PIN on another lock", client: removalSamePINOnOtherLock},
	{name: "removal from a lock that is missing", client: removalFromMissingLock},

	{name: "action attempts", client: actionAttempts},
	{name: "events", client: events},
	{name: "access code lists", client: accessCodeLists},
	{name: "unmanaged access codes", client: unmanagedAccessCodes},
	{name: "devices", client: devices},
	{name: "workspaces", client: workspaces},
	{name: "a wrong key", client: wrongKey},
	{name: "unknown routes", client: unknownRoutes},
	{name: "an outage", client: serviceUnavailable},

	{name: "device updates: name, metadata, backup pool", client: deviceUpdates},
	{name: "device management: unmanage and manage again", client: deviceManagement},
	{name: "device lists", client: deviceLists},
	{name: "lock actions", client: lockActions},
	{name: "device providers", client: deviceProviders},
	{name: "webhooks", client: webhooks},
	{name: "webhooks with invalid input", client: webhooksInvalidInput},
	{name: "client sessions", client: clientSessions},
	{name: "connect webviews", client: connectWebviews},
	{name: "connected accounts", client: connectedAccounts},
	{name: "users of access systems", client: acsUsers},

	{name: "client reads devices", client: clientReadsDevices},
	{name: "client reads access codes and events", client: clientReadsCodes},
	{name: "client locks and unlocks doors", client: clientLocksDoors},
	{name: "client manages webhooks", client: clientManagesWebhooks},
	{name: "client manages sessions", client: clientManagesSessions},
	{name: "client manages connect webviews and accounts", client: clientOnboards},
	{name: "client keeps accounts whose codes are managed", client: clientKeepsAccounts},
	{name: "client manages users of access systems", client: clientManagesAcsUsers},
	{name: "client creates a workspace", client: clientCreatesWorkspace},

	{name: "Terraform from apply to destroy", terraform: terraformLifecycle},
	{name: "Terraform lets Seam choose the PIN", terraform: terraformGeneratedPIN},
	{name: "Terraform with a write-only PIN", terraform: terraformWriteOnlyPIN},
	{name: "Terraform repairs drift", terraform: terraformDrift},
	{name: "Terraform recreates a removed code", terraform: terraformRecreate},
	{name: "Terraform keeps a code whose PIN is still on the lock", terraform: terraformLeftover},
	{name: "Terraform with a duplicate PIN", terraform: terraformDuplicatePIN},
	{name: "Terraform waits for the lock", terraform: terraformWaitForSet},
	{name: "Terraform imports", terraform: terraformImport},
	{name: "Terraform with a wrong key", terraform: terraformWrongKey},
}
