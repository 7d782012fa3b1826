//go:build contract

package contract

// deviation is a difference between a fake and the documented API: which server has it, where it
// shows, and what it does there.
type deviation struct{ on, where, does string }

const (
	seamtestName = "seamtest"
	officialName = "fake-seam-connect"
)

// deviations are all known ones. Each is asserted: one that disappears fails a test, and so does
// one that no case asks about.
var deviations []deviation

func deviates(on, where, does string) deviation {
	d := deviation{on, where, does}
	deviations = append(deviations, d)
	return d
}

var (
	sequentialIDs                = deviates(officialName, "all", "ids are not UUIDs but counted, such as access_code1")
	unknownFieldsAccepted        = deviates(officialName, "all", "unknown fields of a request are dropped, not refused")
	wrongKeyMissesWorkspace      = deviates(officialName, "/workspaces/get", "an unknown key answers 400 missing_workspace_id, not 401 unauthorized")
	createHasNoAttempt           = deviates(officialName, "/access_codes/create", "the response has no action attempt")
	anyPINAccepted               = deviates(officialName, "/access_codes/create", "any text is taken as a PIN")
	statusStaysSetting           = deviates(officialName, "/access_codes/get", "the status never becomes set")
	duplicateHasNoID             = deviates(officialName, "/access_codes/create", "duplicate_access_code does not say which code has the PIN")
	duplicateRepeatsPIN          = deviates(officialName, "/access_codes/create", "duplicate_access_code repeats the PIN in its message")
	getErrorTypeNotFound         = deviates(officialName, "/access_codes/get", "a missing code is a 404 of type not_found, not access_code_not_found")
	getShowsUnmanaged            = deviates(officialName, "/access_codes/get", "unmanaged codes are found too")
	codesOfOtherWorkspaces       = deviates(officialName, "/access_codes/get", "the codes of other workspaces are found too")
	listIgnoresDevice            = deviates(officialName, "/access_codes/list", "device_id alone filters nothing")
	listIgnoresIDs               = deviates(officialName, "/access_codes/list", "access_code_ids alone filters nothing")
	listNotPaginated             = deviates(officialName, "/access_codes/list", "there is no pagination")
	updateAcceptsDuplicatePIN    = deviates(officialName, "/access_codes/update", "the PIN of another code on the lock is accepted")
	updateDropsWindow            = deviates(officialName, "/access_codes/update", "without both times, any update makes a code ongoing")
	ongoingKeepsTimes            = deviates(officialName, "/access_codes/update", "a code that becomes ongoing keeps its times")
	updateIgnoresManaged         = deviates(officialName, "/access_codes/update", "is_managed is ignored")
	goneBeforeAttempt            = deviates(officialName, "/access_codes/delete", "the code is gone at once, however the attempt ends")
	resultIsNull                 = deviates(officialName, "/action_attempts/get", "a successful attempt has no result")
	attemptListRejectsUnknownIDs = deviates(officialName, "/action_attempts/list", "unknown ids answer 404 action_attempts_not_found, not an empty list")
	attemptListNeedsIDs          = deviates(officialName, "/action_attempts/list", "device_id is not enough")
	eventsWithoutField           = deviates(officialName, "/events/list", "events that lack the filtered field pass the filter")
	noDeviceEvents               = deviates(officialName, "/events/list", "only created and deleted happen to a code, nothing on the lock")
	unknownDeviceListsEmpty      = deviates(officialName, "/access_codes/unmanaged/list", "an unknown lock has an empty list, not 404 device_not_found")
	unmanagedStatusSetting       = deviates(officialName, "/access_codes/unmanaged/list", "the status of an unmanaged code is setting, not set")
	noUnmanagedGet               = deviates(officialName, "/access_codes/unmanaged/get", "there is no such route")
	nameReplacesProviderName     = deviates(officialName, "/devices/update", "the name replaces the one at the provider; there is no nickname")
	nullNameIgnored              = deviates(officialName, "/devices/update", "the name null clears nothing")
	deviceNamesNotUnique         = deviates(officialName, "/devices", "all devices have one name")
	metadataIgnored              = deviates(officialName, "/devices/update", "custom_metadata is ignored")
	backupPoolIgnored            = deviates(officialName, "/devices/update", "backup_access_code_pool_enabled is ignored")
	unmanagedUpdateNeedsManaged  = deviates(officialName, "/devices/unmanaged/update", "is_managed is required")
	unmanagedDeviceKeepsCodes    = deviates(officialName, "/devices/update", "the codes of a lock that becomes unmanaged stay managed")
	devicesIgnoreFilters         = deviates(officialName, "/devices/list", "search, space_id, customer_key, connect_webview_id, custom_metadata_has and created_before filter nothing")
	lockActionsInOtherWorkspaces = deviates(officialName, "/locks", "the doors of other workspaces are locked and unlocked too")
	lockActionsOnUnmanaged       = deviates(officialName, "/locks", "those of unmanaged locks, too")
	onlyTwoProviderCategories    = deviates(officialName, "/devices/list_device_providers", "only the categories stable and consumer_smartlocks are known")
	webhooksHaveCreatedAt        = deviates(officialName, "/webhooks", "there is a created_at")
	webhooksExpandWildcard       = deviates(officialName, "/webhooks/create", "* becomes the list of all known types")
	webhooksRejectNewerTypes     = deviates(officialName, "/webhooks/create", "newer types of events are refused")
	noWebhookUpdate              = deviates(officialName, "/webhooks/update", "there is no such route")
	sessionsIgnoreFields         = deviates(officialName, "/client_sessions/create", "expires_at, user_identity_id and customer_key are ignored")
	sessionsOfOtherWorkspaces    = deviates(officialName, "/client_sessions/get", "the sessions of other workspaces are found too")
	noSessionListOrDelete        = deviates(officialName, "/client_sessions", "there is no list, revoke, grant_access or delete")
	webviewsIgnoreFields         = deviates(officialName, "/connect_webviews/create", "custom_metadata, customer_key and automatically_manage_new_devices are ignored")
	webviewsOfOtherWorkspaces    = deviates(officialName, "/connect_webviews/get", "the pages of other workspaces are found too")
	noWebviewDelete              = deviates(officialName, "/connect_webviews/delete", "there is no such route")
	accountsIgnoreFields         = deviates(officialName, "/connected_accounts/update", "display_name, customer_key and accepted_capabilities are ignored")
	accountsMergeMetadata        = deviates(officialName, "/connected_accounts/update", "entries of custom_metadata that are left out stay")
	accountsOfOtherWorkspaces    = deviates(officialName, "/connected_accounts/get", "the accounts of other workspaces are found too")
	acsUserKeepsEmail            = deviates(officialName, "/acs/users/update", "a new email_address is shown as the deprecated email only")
	acsUserUpdateFails           = deviates(officialName, "/acs/users/update", "an unknown user answers 500, not acs_user_not_found")
	acsUserNameCode              = deviates(officialName, "/acs/users/create", "without a name the type is full_name_required, not invalid_input")
	noAcsGroupsOrCredentials     = deviates(officialName, "/acs", "there are no access groups and no credentials, and no list of the users of a person")
	newWorkspaceIsNotListed      = deviates(officialName, "/workspaces/list", "a workspace that was created is not in the list of its creator")
	noWorkspaceUpdate            = deviates(officialName, "/workspaces/update", "there is no such route")
	attemptEndsInResponse        = deviates(seamtestName, "/access_codes/delete, /locks", "without a configured delay, the attempt has already ended in the response")
	noSimulateRoute              = deviates(seamtestName, "/access_codes/simulate/create_unmanaged_access_code", "there is no such route; tests add the code in Go")
)

// deviates reports whether the server has a deviation, and marks it as checked.
func (s *server) deviates(d deviation) bool {
	s.checked[d] = true
	return d.on == s.name
}

// expected is what a server is expected to do: one that deviates differently than as
// documented.
func expected[T any](s *server, d deviation, deviates, documented T) T {
	if s.deviates(d) {
		return deviates
	}
	return documented
}
