//go:build contract

package contract

// deviation names a difference between a fake and the documented API.
type deviation string

const (
	ours     = "seamtest"
	official = "fake-seam-connect"
)

// deviations are all known ones: which server has it, where it shows, and what it does
// there. Each is asserted: one that disappears fails a test, and so does one that no
// case asks about.
var deviations = map[deviation]struct{ on, where, does string }{
	countedIDs:           {official, "all", "ids are not UUIDs but counted, such as access_code1"},
	unknownFieldsPass:    {official, "all", "unknown fields of a request are dropped, not refused"},
	wrongKeyIsASession:   {official, "/workspaces/get", "an unknown key answers 400 missing_workspace_id, not 401 unauthorized"},
	createsAtOnce:        {official, "/access_codes/create", "the answer has no action attempt"},
	anyPINPasses:         {official, "/access_codes/create", "any text is taken as a PIN"},
	statusStaysSetting:   {official, "/access_codes/get", "the status never becomes set"},
	duplicateHasNoID:     {official, "/access_codes/create", "duplicate_access_code does not say which code has the PIN"},
	duplicateTellsPIN:    {official, "/access_codes/create", "duplicate_access_code repeats the PIN in its message"},
	getSaysNotFound:      {official, "/access_codes/get", "a missing code is a 404 of type not_found, not access_code_not_found"},
	getShowsUnmanaged:    {official, "/access_codes/get", "unmanaged codes are found too"},
	codesOfAll:           {official, "/access_codes/get", "the codes of other workspaces are found too"},
	listIgnoresDevice:    {official, "/access_codes/list", "device_id alone filters nothing"},
	listIgnoresIDs:       {official, "/access_codes/list", "access_code_ids alone filters nothing"},
	listHasNoPages:       {official, "/access_codes/list", "there is no pagination"},
	updateTakesTakenPIN:  {official, "/access_codes/update", "the PIN of another code on the lock is accepted"},
	updateDropsWindow:    {official, "/access_codes/update", "without both times, any update makes a code ongoing"},
	ongoingKeepsTimes:    {official, "/access_codes/update", "a code that becomes ongoing keeps its times"},
	updateKeepsManaged:   {official, "/access_codes/update", "is_managed is ignored"},
	goneBeforeAttempt:    {official, "/access_codes/delete", "the code is gone at once, however the attempt ends"},
	resultIsNull:         {official, "/action_attempts/get", "a successful attempt has no result"},
	unknownAttemptsFail:  {official, "/action_attempts/list", "unknown ids answer 404 action_attempts_not_found, not an empty list"},
	attemptsNeedIDs:      {official, "/action_attempts/list", "device_id is not enough"},
	eventsWithoutField:   {official, "/events/list", "events that lack the filtered field pass the filter"},
	lockHasNoEvents:      {official, "/events/list", "only created and deleted happen to a code, nothing on the lock"},
	nowhereIsEmpty:       {official, "/access_codes/unmanaged/list", "an unknown lock has an empty list, not 404 device_not_found"},
	unmanagedIsSetting:   {official, "/access_codes/unmanaged/list", "the status of an unmanaged code is setting, not set"},
	noUnmanagedGet:       {official, "/access_codes/unmanaged/get", "there is no such route"},
	nameIsNoNickname:     {official, "/devices/update", "the name replaces the one at the provider; there is no nickname"},
	nullNameIsIgnored:    {official, "/devices/update", "the name null clears nothing"},
	namesAreShared:       {official, "/devices", "all devices have one name"},
	metadataIsIgnored:    {official, "/devices/update", "custom_metadata is ignored"},
	poolIsIgnored:        {official, "/devices/update", "backup_access_code_pool_enabled is ignored"},
	unmanagedMustChange:  {official, "/devices/unmanaged/update", "is_managed is required"},
	unmanagedKeepsCodes:  {official, "/devices/update", "the codes of a lock that becomes unmanaged stay managed"},
	devicesIgnoreFilters: {official, "/devices/list", "search, space_id, customer_key, connect_webview_id, custom_metadata_has and created_before filter nothing"},
	doorsOfAll:           {official, "/locks", "the doors of other workspaces are locked and unlocked too"},
	doorsOfUnmanaged:     {official, "/locks", "those of unmanaged locks, too"},
	twoCategories:        {official, "/devices/list_device_providers", "only the categories stable and consumer_smartlocks are known"},
	webhooksHaveDates:    {official, "/webhooks", "there is a created_at"},
	webhooksExpand:       {official, "/webhooks/create", "* becomes the list of all known types"},
	webhooksKnowFewTypes: {official, "/webhooks/create", "newer types of events are refused"},
	noWebhookUpdate:      {official, "/webhooks/update", "there is no such route"},
	sessionsIgnoreMuch:   {official, "/client_sessions/create", "expires_at, user_identity_id and customer_key are ignored"},
	sessionsOfAll:        {official, "/client_sessions/get", "the sessions of other workspaces are found too"},
	sessionsStay:         {official, "/client_sessions", "there is no list, revoke or delete"},
	endsInTheAnswer:      {ours, "/access_codes/delete, /locks", "the attempt of a lock that is not told to take its time has ended in the answer already"},
	noSimulation:         {ours, "/access_codes/simulate/create_unmanaged_access_code", "there is no such route; tests add the code in Go"},
}

const (
	countedIDs           deviation = "counted ids"
	unknownFieldsPass    deviation = "unknown fields pass"
	wrongKeyIsASession   deviation = "wrong key is a session"
	createsAtOnce        deviation = "creates at once"
	anyPINPasses         deviation = "any PIN passes"
	statusStaysSetting   deviation = "status stays setting"
	duplicateHasNoID     deviation = "duplicate has no id"
	duplicateTellsPIN    deviation = "duplicate tells the PIN"
	getSaysNotFound      deviation = "get says not_found"
	getShowsUnmanaged    deviation = "get shows unmanaged codes"
	codesOfAll           deviation = "codes of all workspaces"
	listIgnoresDevice    deviation = "list ignores device_id"
	listIgnoresIDs       deviation = "list ignores access_code_ids"
	listHasNoPages       deviation = "list has no pages"
	updateTakesTakenPIN  deviation = "update takes a taken PIN"
	updateDropsWindow    deviation = "update drops the window"
	ongoingKeepsTimes    deviation = "ongoing keeps times"
	updateKeepsManaged   deviation = "update keeps managed"
	goneBeforeAttempt    deviation = "gone before the attempt"
	resultIsNull         deviation = "result is null"
	unknownAttemptsFail  deviation = "unknown attempts fail"
	attemptsNeedIDs      deviation = "attempts need ids"
	eventsWithoutField   deviation = "events without the field"
	lockHasNoEvents      deviation = "lock has no events"
	nowhereIsEmpty       deviation = "nowhere is empty"
	unmanagedIsSetting   deviation = "unmanaged is setting"
	noUnmanagedGet       deviation = "no unmanaged get"
	nameIsNoNickname     deviation = "name is no nickname"
	nullNameIsIgnored    deviation = "null name is ignored"
	namesAreShared       deviation = "names are shared"
	metadataIsIgnored    deviation = "metadata is ignored"
	poolIsIgnored        deviation = "pool is ignored"
	unmanagedMustChange  deviation = "unmanaged must change"
	unmanagedKeepsCodes  deviation = "unmanaged keeps codes"
	devicesIgnoreFilters deviation = "devices ignore filters"
	doorsOfAll           deviation = "doors of all workspaces"
	doorsOfUnmanaged     deviation = "doors of unmanaged locks"
	twoCategories        deviation = "two categories"
	webhooksHaveDates    deviation = "webhooks have dates"
	webhooksExpand       deviation = "webhooks expand"
	webhooksKnowFewTypes deviation = "webhooks know few types"
	noWebhookUpdate      deviation = "no webhook update"
	sessionsIgnoreMuch   deviation = "sessions ignore much"
	sessionsOfAll        deviation = "sessions of all workspaces"
	sessionsStay         deviation = "sessions stay"
	endsInTheAnswer      deviation = "ends in the answer"
	noSimulation         deviation = "no simulation"
)

// has reports whether the server has a deviation, and notes that somebody asked.
func (s *server) has(d deviation) bool {
	s.asked[d] = true
	return deviations[d].on == s.name
}

// either is what a server is expected to do: one that deviates differently than as
// documented.
func either[T any](s *server, d deviation, deviates, documented T) T {
	if s.has(d) {
		return deviates
	}
	return documented
}
