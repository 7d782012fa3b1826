package seamtest

type handler func(*apiCall) (jsonObject, error)

// nouns are kept in the store, which serves all of their published routes.
var nouns = map[string]rules{
	"access_grant":      accessGrant,
	"access_method":     accessMethod,
	"acs_access_group":  acsAccessGroup,
	"acs_credential":    acsCredential,
	"acs_encoder":       acsEncoder,
	"acs_entrance":      acsEntrance,
	"acs_system":        acsSystem,
	"acs_user":          acsUser,
	"client_session":    clientSession,
	"connect_webview":   connectWebview,
	"connected_account": connectedAccount,
	"instant_key":       instantKey,
	"phone":             phone,
	"space":             space,
	"user_identity":     userIdentity,
	"webhook":           webhook,
}

// route finds the handler of a path.
func (s *Server) route(path string) (handle handler, known bool) {
	if handle, known = s.storeRoutes[path]; !known {
		handle, known = routes[path]
	}
	return handle, known
}

// routes are all others.
var routes = map[string]handler{
	"/health":                                    nil,
	"/access_codes/create":                       createAccessCode,
	"/access_codes/get":                          getAccessCode,
	"/access_codes/list":                         listAccessCodes,
	"/access_codes/update":                       updateAccessCode,
	"/access_codes/delete":                       deleteAccessCode,
	"/access_codes/pull_backup_access_code":      pullBackupAccessCode,
	"/access_codes/unmanaged/get":                getUnmanagedAccessCode,
	"/access_codes/unmanaged/list":               listUnmanagedAccessCodes,
	"/access_codes/unmanaged/delete":             deleteUnmanagedAccessCode,
	"/access_codes/unmanaged/convert_to_managed": convertToManaged,
	"/access_codes/unmanaged/update":             updateUnmanagedAccessCode,
	"/action_attempts/get":                       getActionAttempt,
	"/action_attempts/list":                      listActionAttempts,
	"/devices/get":                               getDevice,
	"/devices/list":                              listDevices,
	"/devices/list_device_providers":             listDeviceProviders,
	"/devices/unmanaged/get":                     getUnmanagedDevice,
	"/devices/unmanaged/list":                    listUnmanagedDevices,
	"/devices/unmanaged/update":                  updateUnmanagedDevice,
	"/devices/update":                            updateDevice,
	"/events/get":                                getEvent,
	"/events/list":                               listEvents,
	"/locks/lock_door":                           lockDoor,
	"/locks/unlock_door":                         unlockDoor,
	"/workspaces/create":                         createWorkspace,
	"/workspaces/get":                            getWorkspace,
	"/workspaces/list":                           listWorkspaces,
	"/workspaces/update":                         updateWorkspace,
}
