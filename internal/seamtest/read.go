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

func getCode(x *exchange) (object, error)      { return x.oneCode(true) }
func getUnmanaged(x *exchange) (object, error) { return x.oneCode(false) }

func (x *exchange) oneCode(managed bool) (object, error) {
	p := params[readParams](x)
	if p.ID != "" {
		if c := x.code(p.ID, managed); c != nil {
			return object{"access_code": c.object()}, nil
		}
		return nil, noCode()
	}
	if p.DeviceID == "" || p.Code == "" {
		return nil, invalid("access_code_id", "is required")
	}
	l, err := x.device(p.DeviceID)
	if err != nil {
		return nil, err
	}
	for _, c := range x.codesOf(l, managed) {
		if c.displayed() == any(p.Code) {
			return object{"access_code": c.object()}, nil
		}
	}
	return nil, noCode()
}

func listCodes(x *exchange) (object, error) {
	p := params[readParams](x)
	found, err := x.selected(p)
	if err != nil {
		return nil, err
	}
	found = slices.DeleteFunc(found, func(c *code) bool {
		return c.Backup && p.IDs == nil || !is(p.DeviceID, c.DeviceID) || !x.narrowed(p, c)
	})
	return list(x, "access_codes", found, codeNumber, (*code).object, paging{p.Limit, 55000, p.Cursor})
}

// narrowed applies the filters that only make a list shorter.
func (x *exchange) narrowed(p readParams, c *code) bool {
	pin, _ := c.displayed().(string)
	return is(p.Customer, c.lock.customer) && x.isOf(p.User, c.lock) && matches(p.Search, c.Name, pin, c.ID)
}

// selected finds the managed codes by id, or else by device.
func (x *exchange) selected(p readParams) ([]*code, error) {
	if x.asksFor("access_grant_id", "access_grant_key", "access_method_id") {
		return nil, nil
	}
	if p.DeviceID == "" && p.IDs == nil {
		return nil, invalid("device_id", "or access_code_ids is required")
	}
	if p.DeviceID != "" {
		l, err := x.device(p.DeviceID)
		if err != nil || p.IDs == nil {
			return x.codesIfAny(l), err
		}
	}
	var found []*code
	for _, id := range *p.IDs {
		if c := x.code(id, true); c != nil {
			found = append(found, c)
		}
	}
	slices.SortFunc(found, func(a, b *code) int { return a.number - b.number })
	return slices.Compact(found), nil
}

func (x *exchange) codesIfAny(l *Lock) []*code {
	if l == nil {
		return nil
	}
	return x.codesOf(l, true)
}

func listUnmanaged(x *exchange) (object, error) {
	p := params[readParams](x)
	l, err := x.device(p.DeviceID)
	if err != nil {
		return nil, err
	}
	found := slices.DeleteFunc(x.codesOf(l, false), func(c *code) bool { return !x.narrowed(p, c) })
	return list(x, "access_codes", found, codeNumber, (*code).object, paging{p.Limit, 300000, p.Cursor})
}

func codeNumber(c *code) int { return c.number }
