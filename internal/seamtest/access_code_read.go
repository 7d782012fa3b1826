package seamtest

import "slices"

type readParams struct {
	ID       string    `json:"access_code_id"`
	IDs      *[]string `json:"access_code_ids"`
	DeviceID string    `json:"device_id"`
	Code     string    `json:"code"`
	Customer string    `json:"customer_key"`
	User     string    `json:"user_identifier_key"`
	Search   string    `json:"search"`
	Limit    float64   `json:"limit"`
	Cursor   string    `json:"page_cursor"`
}

func getAccessCode(call *apiCall) (jsonObject, error)          { return call.accessCodeResponse(true) }
func getUnmanagedAccessCode(call *apiCall) (jsonObject, error) { return call.accessCodeResponse(false) }

func (call *apiCall) accessCodeResponse(managed bool) (jsonObject, error) {
	p := params[readParams](call)
	if p.ID != "" {
		if c := call.findCode(p.ID, managed); c != nil {
			return jsonObject{"access_code": c.toJSON()}, nil
		}
		return nil, accessCodeNotFound()
	}
	if p.DeviceID == "" || p.Code == "" {
		return nil, invalidInput("access_code_id", "is required")
	}
	l, err := call.findDevice(p.DeviceID)
	if err != nil {
		return nil, err
	}
	for _, c := range call.codesOf(l, managed) {
		if c.displayedPIN() == any(p.Code) {
			return jsonObject{"access_code": c.toJSON()}, nil
		}
	}
	return nil, accessCodeNotFound()
}

func listAccessCodes(call *apiCall) (jsonObject, error) {
	p := params[readParams](call)
	found, err := call.selectCodes(p)
	if err != nil {
		return nil, err
	}
	found = slices.DeleteFunc(found, func(c *accessCode) bool {
		return c.Backup && c.method == nil && p.IDs == nil || !call.isForMethod(c) || !matchesFilter(p.DeviceID, c.DeviceID) || !call.matchesFilters(p, c)
	})
	return listPage(call, "access_codes", found, codeNumber, (*accessCode).toJSON, pageParams{p.Limit, 55000, p.Cursor})
}

// matchesFilters applies the optional filters.
func (call *apiCall) matchesFilters(p readParams, c *accessCode) bool {
	pin, _ := c.displayedPIN().(string)
	return matchesFilter(p.Customer, c.lock.customerKey) && call.userHasAccess(p.User, c.lock) && matchesSearch(p.Search, c.Name, pin, c.ID)
}

// selectCodes finds the managed codes by id, or else by device.
func (call *apiCall) selectCodes(p readParams) ([]*accessCode, error) {
	if p.DeviceID == "" && p.IDs == nil {
		return call.codesOfMethods()
	}
	if p.DeviceID != "" {
		l, err := call.findDevice(p.DeviceID)
		if err != nil || p.IDs == nil {
			return call.managedCodes(l), err
		}
	}
	var found []*accessCode
	for _, id := range *p.IDs {
		if c := call.findCode(id, true); c != nil {
			found = append(found, c)
		}
	}
	slices.SortFunc(found, func(a, b *accessCode) int { return a.number - b.number })
	return slices.Compact(found), nil
}

// methodFilters select the codes of access grants.
var methodFilters = []string{"access_grant_id", "access_grant_key", "access_method_id"}

func (call *apiCall) codesOfMethods() (found []*accessCode, err error) {
	if !call.hasFilter(methodFilters...) {
		return nil, invalidInput("device_id", "or access_code_ids is required")
	}
	for _, l := range call.workspace.locks {
		found = append(found, call.managedCodes(l)...)
	}
	slices.SortFunc(found, func(a, b *accessCode) int { return a.number - b.number })
	return found, nil
}

// isForMethod applies the filters by access grant and method, if there are any.
func (call *apiCall) isForMethod(c *accessCode) bool {
	wanted := jsonObject{}
	for _, name := range methodFilters {
		if call.body[name] != nil {
			wanted[name] = call.body[name]
		}
	}
	if len(wanted) == 0 {
		return true
	}
	return c.method != nil && c.method.state != stateDeleted && call.server.collections["access_method"].matchesAll(c.method, wanted)
}

func (call *apiCall) managedCodes(l *Lock) []*accessCode {
	if l == nil {
		return nil
	}
	return call.codesOf(l, true)
}

func listUnmanagedAccessCodes(call *apiCall) (jsonObject, error) {
	p := params[readParams](call)
	l, err := call.findDevice(p.DeviceID)
	if err != nil {
		return nil, err
	}
	found := slices.DeleteFunc(call.codesOf(l, false), func(c *accessCode) bool { return !call.matchesFilters(p, c) })
	return listPage(call, "access_codes", found, codeNumber, (*accessCode).toJSON, pageParams{p.Limit, 300000, p.Cursor})
}

func codeNumber(c *accessCode) int { return c.number }
