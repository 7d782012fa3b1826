package seamtest

import "strings"

// echoed adds the secrets around a request to every message of an answer, if that is wanted.
func (x *exchange) echoed(body object) object {
	if x.server.echo {
		repeat(body, "", x.secrets())
	}
	return body
}

func (x *exchange) secrets() string {
	known := []string{x.request.Header.Get("Authorization")}
	if pin, ok := x.body["code"].(string); ok {
		known = append(known, pin)
	}
	for _, w := range x.server.webhooks {
		if strings.HasPrefix(x.path, "/webhooks/") {
			known = append(known, w.Secret)
		}
	}
	for _, c := range x.server.sessions {
		if strings.HasPrefix(x.path, "/client_sessions/") {
			known = append(known, c.Token)
		}
	}
	if x.lock != nil {
		for _, c := range x.lock.codes {
			known = append(known, c.pin())
		}
	}
	return " [" + strings.Join(known, " ") + "]"
}

func repeat(v any, key, secrets string) any {
	switch v := v.(type) {
	case object:
		for name, field := range v {
			v[name] = repeat(field, name, secrets)
		}
	case []object:
		for _, entry := range v {
			repeat(entry, "", secrets)
		}
	case []string:
		if key == "_errors" {
			for i := range v {
				v[i] += secrets
			}
		}
	case string:
		if key == "message" {
			return v + secrets
		}
	}
	return v
}
