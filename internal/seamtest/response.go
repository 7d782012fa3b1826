package seamtest

import (
	"encoding/json"
	"maps"
	"net/http"
	"strconv"
)

// response is the response to a request.
type response struct {
	status int
	header http.Header
	body   []byte
}

// rawResponse is a response that does not come from Seam's API: no JSON, no request id.
func rawResponse(status int, contentType, body string) response {
	header := http.Header{}
	if contentType != "" {
		header.Set("Content-Type", contentType)
	}
	return response{status: status, header: header, body: []byte(body)}
}

func (call *apiCall) jsonResponse(status int, body jsonObject, header http.Header) response {
	reply := response{status: status, header: http.Header{}, body: encodeJSON(call.withEchoedSecrets(body))}
	maps.Copy(reply.header, header)
	reply.header.Set("Content-Type", "application/json")
	reply.header.Set("seam-request-id", call.requestID)
	return reply
}

func encodeJSON(v any) []byte {
	body, err := json.Marshal(v)
	if err != nil {
		panic(err) // only plain values are ever put in a response
	}
	return body
}

func (call *apiCall) write(w http.ResponseWriter, reply response, truncate bool) {
	call.setStatusAndDate(w.Header(), reply.status)
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

// setStatusAndDate dates the response by the fake's clock: clients take the server's time from it.
func (call *apiCall) setStatusAndDate(header http.Header, status int) {
	defer call.server.lockAndAdvance()()
	call.logEntry.Status = status
	header.Set("Date", call.server.now.UTC().Format(http.TimeFormat))
}

// apiError is an error in Seam's envelope.
type apiError struct {
	status  int
	kind    string
	message string
	header  http.Header
	extra   jsonObject
}

func (r *apiError) Error() string { return r.kind + ": " + r.message }

func newAPIError(status int, kind, message string) *apiError {
	return &apiError{status: status, kind: kind, message: message}
}

// withField adds a field to the error object of the envelope.
func (r *apiError) withField(key string, value any) *apiError {
	r.extra = jsonObject{key: value}
	return r
}

func (r *apiError) envelope(requestID string) jsonObject {
	e := jsonObject{"type": r.kind, "message": r.message, "request_id": requestID}
	maps.Copy(e, r.extra)
	return jsonObject{"error": e, "ok": false}
}

func accessCodeNotFound() error {
	return newAPIError(http.StatusNotFound, "access_code_not_found", "No such access code")
}

func deviceNotFound() error {
	return newAPIError(http.StatusNotFound, "device_not_found", "No such device")
}
