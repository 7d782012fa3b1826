package seamtest

import (
	"encoding/json"
	"maps"
	"net/http"
	"strconv"
)

// answer is what goes back to the client.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// raw is an answer that does not come from Seam's API: no JSON, no request id.
func raw(status int, contentType, body string) answer {
	header := http.Header{}
	if contentType != "" {
		header.Set("Content-Type", contentType)
	}
	return answer{status: status, header: header, body: []byte(body)}
}

func (x *exchange) reply(status int, body object, header http.Header) answer {
	reply := answer{status: status, header: http.Header{}, body: encode(x.echoed(body))}
	maps.Copy(reply.header, header)
	reply.header.Set("Content-Type", "application/json")
	reply.header.Set("seam-request-id", x.id)
	return reply
}

func encode(v any) []byte {
	body, err := json.Marshal(v)
	if err != nil {
		panic(err) // only plain values are ever put in an answer
	}
	return body
}

func (x *exchange) send(w http.ResponseWriter, reply answer, truncate bool) {
	x.stamp(w.Header(), reply.status)
	maps.Copy(w.Header(), reply.header)
	w.Header().Set("Content-Length", strconv.Itoa(len(reply.body)))
	w.WriteHeader(reply.status)
	if !truncate {
		_, _ = w.Write(reply.body)
		return
	}
	_, _ = w.Write(reply.body[:len(reply.body)/2])
	_ = http.NewResponseController(w).Flush()
	panic(http.ErrAbortHandler)
}

// stamp dates the answer by the fake's clock: clients take the server's time from it.
func (x *exchange) stamp(header http.Header, status int) {
	defer x.server.enter()()
	x.entry.Status = status
	header.Set("Date", x.server.moment.UTC().Format(http.TimeFormat))
}

// refusal is an error in Seam's envelope.
type refusal struct {
	status  int
	kind    string
	message string
	header  http.Header
	extra   object
}

func (r *refusal) Error() string { return r.kind + ": " + r.message }

func refuse(status int, kind, message string) *refusal {
	return &refusal{status: status, kind: kind, message: message}
}

// with adds a field to the error object of the envelope.
func (r *refusal) with(key string, value any) *refusal {
	r.extra = object{key: value}
	return r
}

func (r *refusal) envelope(requestID string) object {
	e := object{"type": r.kind, "message": r.message, "request_id": requestID}
	maps.Copy(e, r.extra)
	return object{"error": e, "ok": false}
}

func noCode() error {
	return refuse(http.StatusNotFound, "access_code_not_found", "No such access code")
}

func noDevice() error {
	return refuse(http.StatusNotFound, "device_not_found", "No such device")
}
