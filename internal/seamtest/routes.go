package seamtest

type handler func(*exchange) (object, error)

var routes = map[string]handler{
	"/health":                                    nil,
	"/access_codes/create":                       createCode,
	"/access_codes/get":                          getCode,
	"/access_codes/list":                         listCodes,
	"/access_codes/update":                       updateCode,
	"/access_codes/delete":                       deleteCode,
	"/access_codes/pull_backup_access_code":      pullBackup,
	"/access_codes/unmanaged/get":                getUnmanaged,
	"/access_codes/unmanaged/list":               listUnmanaged,
	"/access_codes/unmanaged/delete":             deleteUnmanaged,
	"/access_codes/unmanaged/convert_to_managed": convertToManaged,
	"/access_codes/unmanaged/update":             updateUnmanaged,
	"/action_attempts/get":                       getAttempt,
	"/action_attempts/list":                      listAttempts,
	"/devices/get":                               getDevice,
	"/devices/list":                              listDevices,
	"/devices/list_device_providers":             listProviders,
	"/devices/unmanaged/get":                     getUnmanagedDevice,
	"/devices/unmanaged/list":                    listUnmanagedDevices,
	"/devices/unmanaged/update":                  updateUnmanagedDevice,
	"/devices/update":                            updateDevice,
	"/events/get":                                getEvent,
	"/events/list":                               listEvents,
	"/workspaces/get":                            getWorkspace,
	"/workspaces/list":                           listWorkspaces,
}
