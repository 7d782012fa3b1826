package seamtest

import "strings"

// withEchoedSecrets adds the secrets around a request to every message of a response, if that is wanted.
func (call *apiCall) withEchoedSecrets(body jsonObject) jsonObject {
	if call.server.echoSecrets {
		appendToMessages(body, "", call.secrets())
	}
	return body
}

func (call *apiCall) secrets() string {
	known := []string{call.request.Header.Get("Authorization")}
	if pin, ok := call.body["code"].(string); ok {
		known = append(known, pin)
	}
	for noun, c := range call.server.collections {
		if strings.HasPrefix(call.path, c.path+"/") || noun == "access_method" && strings.HasPrefix(call.path, "/access_grants/") {
			known = append(known, c.secretValues()...)
		}
	}
	if call.lock != nil {
		for _, c := range call.lock.codes {
			known = append(known, c.effectivePIN())
		}
	}
	return " [" + strings.Join(known, " ") + "]"
}

func (c *collection) secretValues() (known []string) {
	for _, o := range c.objects {
		for _, name := range c.secrets {
			secret, _ := o.fields[name].(string)
			known = append(known, secret)
		}
	}
	return known
}

func appendToMessages(v any, key, secrets string) any {
	switch v := v.(type) {
	case jsonObject:
		for name, field := range v {
			v[name] = appendToMessages(field, name, secrets)
		}
	case []jsonObject:
		for _, entry := range v {
			appendToMessages(entry, "", secrets)
		}
	case []any:
		for _, entry := range v {
			appendToMessages(entry, "", secrets)
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
