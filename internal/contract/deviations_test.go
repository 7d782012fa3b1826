//go:build contract

package contract

// deviation names a difference between a fake and the documented API.
type deviation string

const (
	seamtestName = "seamtest"
	officialName = "fake-seam-connect"
)

// deviations are all known ones: which server has it, where it shows, and what it does
// there. Each is asserted: one that disappears fails a test, and so does one that no
// case asks about.
var deviations = map[deviation]struct{ on, where, does string }{
	sequentialIDs:                {officialName, "all", "ids are not UUIDs but counted, such as access_code1"},
	unknownFieldsAccepted:        {officialName, "all", "unknown fields of a request are dropped, not refused"},
	wrongKeyMissesWorkspace:      {officialName, "/workspaces/get", "an unknown key answers 400 missing_workspace_id, not 401 unauthorized"},
	createHasNoAttempt:           {officialName, "/access_codes/create", "the response has no action attempt"},
	anyPINAccepted:               {officialName, "/access_codes/create", "any text is taken as a PIN"},
	statusStaysSetting:           {officialName, "/access_codes/get", "the status never becomes set"},
	duplicateHasNoID:             {officialName, "/access_codes/create", "duplicate_access_code does not say which code has the PIN"},
	duplicateRepeatsPIN:          {officialName, "/access_codes/create", "duplicate_access_code repeats the PIN in its message"},
	getErrorTypeNotFound:         {officialName, "/access_codes/get", "a missing code is a 404 of type not_found, not access_code_not_found"},
	getShowsUnmanaged:            {officialName, "/access_codes/get", "unmanaged codes are found too"},
	codesOfOtherWorkspaces:       {officialName, "/access_codes/get", "the codes of other workspaces are found too"},
	listIgnoresDevice:            {officialName, "/access_codes/list", "device_id alone filters nothing"},
	listIgnoresIDs:               {officialName, "/access_codes/list", "access_code_ids alone filters nothing"},
	listNotPaginated:             {officialName, "/access_codes/list", "there is no pagination"},
	updateAcceptsDuplicatePIN:    {officialName, "/access_codes/update", "the PIN of another code on the lock is accepted"},
	updateDropsWindow:            {officialName, "/access_codes/update", "without both times, any update makes a code ongoing"},
	ongoingKeepsTimes:            {officialName, "/access_codes/update", "a code that becomes ongoing keeps its times"},
	updateIgnoresManaged:         {officialName, "/access_codes/update", "is_managed is ignored"},
	goneBeforeAttempt:            {officialName, "/access_codes/delete", "the code is gone at once, however the attempt ends"},
	resultIsNull:                 {officialName, "/action_attempts/get", "a successful attempt has no result"},
	attemptListRejectsUnknownIDs: {officialName, "/action_attempts/list", "unknown ids answer 404 action_attempts_not_found, not an empty list"},
	attemptListNeedsIDs:          {officialName, "/action_attempts/list", "device_id is not enough"},
	eventsWithoutField:           {officialName, "/events/list", "events that lack the filtered field pass the filter"},
	noDeviceEvents:               {officialName, "/events/list", "only created and deleted happen to a code, nothing on the lock"},
	unknownDeviceListsEmpty:      {officialName, "/access_codes/unmanaged/list", "an unknown lock has an empty list, not 404 device_not_found"},
	unmanagedStatusSetting:       {officialName, "/access_codes/unmanaged/list", "the status of an unmanaged code is setting, not set"},
	noUnmanagedGet:               {officialName, "/access_codes/unmanaged/get", "there is no such route"},
	nameReplacesProviderName:     {officialName, "/devices/update", "the name replaces the one at the provider; there is no nickname"},
	nullNameIgnored:              {officialName, "/devices/update", "the name null clears nothing"},
	deviceNamesNotUnique:         {officialName, "/devices", "all devices have one name"},
	metadataIgnored:              {officialName, "/devices/update", "custom_metadata is ignored"},
	backupPoolIgnored:            {officialName, "/devices/update", "backup_access_code_pool_enabled is ignored"},
	unmanagedUpdateNeedsManaged:  {officialName, "/devices/unmanaged/update", "is_managed is required"},
	unmanagedDeviceKeepsCodes:    {officialName, "/devices/update", "the codes of a lock that becomes unmanaged stay managed"},
	devicesIgnoreFilters:         {officialName, "/devices/list", "search, space_id, customer_key, connect_webview_id, custom_metadata_has and created_before filter nothing"},
	lockActionsInOtherWorkspaces: {officialName, "/locks", "the doors of other workspaces are locked and unlocked too"},
	lockActionsOnUnmanaged:       {officialName, "/locks", "those of unmanaged locks, too"},
	onlyTwoProviderCategories:    {officialName, "/devices/list_device_providers", "only the categories stable and consumer_smartlocks are known"},
	webhooksHaveCreatedAt:        {officialName, "/webhooks", "there is a created_at"},
	webhooksExpandWildcard:       {officialName, "/webhooks/create", "* becomes the list of all known types"},
	webhooksRejectNewerTypes:     {officialName, "/webhooks/create", "newer types of events are refused"},
	noWebhookUpdate:              {officialName, "/webhooks/update", "there is no such route"},
	sessionsIgnoreFields:         {officialName, "/client_sessions/create", "expires_at, user_identity_id and customer_key are ignored"},
	sessionsOfOtherWorkspaces:    {officialName, "/client_sessions/get", "the sessions of other workspaces are found too"},
	noSessionListOrDelete:        {officialName, "/client_sessions", "there is no list, revoke or delete"},
	attemptEndsInResponse:        {seamtestName, "/access_codes/delete, /locks", "without a configured delay, the attempt has already ended in the response"},
	noSimulateRoute:              {seamtestName, "/access_codes/simulate/create_unmanaged_access_code", "there is no such route; tests add the code in Go"},
}

const (
	sequentialIDs                deviation = "sequential ids"
	unknownFieldsAccepted        deviation = "unknown fields accepted"
	wrongKeyMissesWorkspace      deviation = "wrong key misses the workspace"
	createHasNoAttempt           deviation = "create has no attempt"
	anyPINAccepted               deviation = "any PIN accepted"
	statusStaysSetting           deviation = "status stays setting"
	duplicateHasNoID             deviation = "duplicate has no id"
	duplicateRepeatsPIN          deviation = "duplicate repeats the PIN"
	getErrorTypeNotFound         deviation = "get error type is not_found"
	getShowsUnmanaged            deviation = "get shows unmanaged codes"
	codesOfOtherWorkspaces       deviation = "codes of other workspaces"
	listIgnoresDevice            deviation = "list ignores device_id"
	listIgnoresIDs               deviation = "list ignores access_code_ids"
	listNotPaginated             deviation = "list is not paginated"
	updateAcceptsDuplicatePIN    deviation = "update accepts a duplicate PIN"
	updateDropsWindow            deviation = "update drops the window"
	ongoingKeepsTimes            deviation = "ongoing keeps times"
	updateIgnoresManaged         deviation = "update ignores is_managed"
	goneBeforeAttempt            deviation = "gone before the attempt"
	resultIsNull                 deviation = "result is null"
	attemptListRejectsUnknownIDs deviation = "attempt list rejects unknown ids"
	attemptListNeedsIDs          deviation = "attempt list needs ids"
	eventsWithoutField           deviation = "events without the field"
	noDeviceEvents               deviation = "no device events"
	unknownDeviceListsEmpty      deviation = "unknown device lists empty"
	unmanagedStatusSetting       deviation = "unmanaged status is setting"
	noUnmanagedGet               deviation = "no unmanaged get"
	nameReplacesProviderName     deviation = "name replaces the provider name"
	nullNameIgnored              deviation = "null name is ignored"
	deviceNamesNotUnique         deviation = "device names are not unique"
	metadataIgnored              deviation = "metadata is ignored"
	backupPoolIgnored            deviation = "backup pool is ignored"
	unmanagedUpdateNeedsManaged  deviation = "unmanaged update needs is_managed"
	unmanagedDeviceKeepsCodes    deviation = "unmanaged device keeps codes"
	devicesIgnoreFilters         deviation = "devices ignore filters"
	lockActionsInOtherWorkspaces deviation = "lock actions in other workspaces"
	lockActionsOnUnmanaged       deviation = "lock actions on unmanaged devices"
	onlyTwoProviderCategories    deviation = "only two provider categories"
	webhooksHaveCreatedAt        deviation = "webhooks have created_at"
	webhooksExpandWildcard       deviation = "webhooks expand the wildcard"
	webhooksRejectNewerTypes     deviation = "webhooks reject newer types"
	noWebhookUpdate              deviation = "no webhook update"
	sessionsIgnoreFields         deviation = "sessions ignore fields"
	sessionsOfOtherWorkspaces    deviation = "sessions of other workspaces"
	noSessionListOrDelete        deviation = "no session list or delete"
	attemptEndsInResponse        deviation = "attempt ends in the response"
	noSimulateRoute              deviation = "no simulate route"
)

// deviates reports whether the server has a deviation, and marks it as checked.
func (s *server) deviates(d deviation) bool {
	s.checked[d] = true
	return deviations[d].on == s.name
}

// expected is what a server is expected to do: one that deviates differently than as
// documented.
func expected[T any](s *server, d deviation, deviates, documented T) T {
	if s.deviates(d) {
		return deviates
	}
	return documented
}
