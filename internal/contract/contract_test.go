//go:build contract

package contract

import "testing"

// inquiry is one thing to find out about a server, by itself or through Terraform.
type inquiry struct {
	name      string
	client    func(*user)
	terraform func(*terraform)
}

func TestContract(t *testing.T) {
	for _, which := range []struct {
		name  string
		start func(*testing.T) *server
	}{{ours, startOurs}, {official, startOfficial}} {
		t.Run(which.name, func(t *testing.T) {
			t.Parallel()
			inquire(t, which.start(t))
		})
	}
}

func inquire(t *testing.T, s *server) {
	ran := 0
	for _, i := range inquiries {
		t.Run(i.name, func(t *testing.T) {
			ran++
			if i.client != nil {
				i.client(newUser(t, s))
				return
			}
			i.terraform(newTerraform(t, s))
		})
	}
	for d, known := range deviations {
		if ran == len(inquiries) && !s.asked[d] {
			t.Errorf("no inquiry asks about %q (%s: %s)", d, known.where, known.does)
		}
	}
}

var inquiries = []inquiry{
	{name: "the PIN asked for is the PIN", client: pinAskedFor},
	{name: "a PIN left out is chosen", client: pinLeftOut},
	{name: "waiting for the lock", client: waitForLock},
	{name: "a PIN that is taken", client: pinTaken},
	{name: "a create whose answer is lost", client: lostCreate},
	{name: "what nobody documents is refused", client: strictness},

	{name: "another name", client: rename},
	{name: "another PIN", client: rotate},
	{name: "a PIN that is taken, later", client: rotateToTaken},
	{name: "a window comes, moves and goes", client: windows},
	{name: "a window and updates without one", client: windowLeftOut},

	{name: "changed behind our back", client: changedOutside},
	{name: "removed behind our back", client: removedOutside},
	{name: "removed behind our back, but not from the lock", client: ghost},
	{name: "unmanaged behind our back", client: unmanagedOutside},
	{name: "the id of an unmanaged code", client: unmanagedID},

	{name: "removal waits for the attempt and the 404", client: removal},
	{name: "removal of what is gone already", client: removalOfGone},
	{name: "removal whose attempt fails", client: removalFails},
	{name: "removal by event", client: removalByEvent},
	{name: "removal that leaves the PIN on the lock", client: removalLeavesPIN},
	{name: "removal whose attempt is forgotten", client: removalForgotten},
	{name: "removal beside the same PIN on another lock", client: removalBeside},
	{name: "removal from a lock that is missing", client: removalFromMissingLock},

	{name: "action attempts", client: attempts},
	{name: "events", client: events},
	{name: "lists of codes", client: lists},
	{name: "unmanaged codes", client: unmanaged},
	{name: "locks", client: devices},
	{name: "workspaces", client: workspaces},
	{name: "a wrong key", client: wrongKey},
	{name: "routes that nobody has", client: routes},
	{name: "an outage", client: outage},

	{name: "names, metadata and pools of locks", client: lockUpdates},
	{name: "locks that become unmanaged and managed again", client: lockManagement},
	{name: "lists of locks", client: locksListed},
	{name: "doors", client: doors},
	{name: "providers of devices", client: providers},
	{name: "webhooks", client: webhooks},
	{name: "webhooks that are refused", client: webhooksRefused},
	{name: "client sessions", client: sessions},

	{name: "our client reads locks", client: clientReadsDevices},
	{name: "our client reads codes and events", client: clientReadsCodes},
	{name: "our client moves bolts", client: clientMovesBolts},
	{name: "our client keeps webhooks", client: clientKeepsWebhooks},

	{name: "Terraform from apply to destroy", terraform: lifecycle},
	{name: "Terraform lets Seam choose the PIN", terraform: chosenPIN},
	{name: "Terraform with a PIN that is not stored", terraform: writeOnlyPIN},
	{name: "Terraform repairs what was changed", terraform: repair},
	{name: "Terraform replaces what was removed", terraform: replace},
	{name: "Terraform keeps what is still on the lock", terraform: keepGhost},
	{name: "Terraform and a PIN that is taken", terraform: takenPIN},
	{name: "Terraform waits for the lock", terraform: waitForSet},
	{name: "Terraform imports", terraform: imports},
	{name: "Terraform with a wrong key", terraform: keyGoesWrong},
}
