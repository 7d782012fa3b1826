package seamtest

import (
	"encoding/json"
	"net/http"
)

// The control endpoints are not part of Seam: they let another process, such as a benchmark,
// ask the fake what tests ask it in Go.
const controlPrefix = "/_seamtest/"

func (s *Server) control(w http.ResponseWriter, r *http.Request) {
	switch r.Method + " " + r.URL.Path {
	case "GET " + controlPrefix + "requests":
		respond(w, object{"counts": s.counts(), "limited": s.Limited()})
	case "DELETE " + controlPrefix + "requests":
		s.ForgetRequests()
		respond(w, object{})
	case "POST " + controlPrefix + "opens":
		s.controlOpens(w, r)
	default:
		http.NotFound(w, r)
	}
}

func (s *Server) counts() map[string]int {
	defer s.enter()()
	counts := map[string]int{}
	for _, r := range s.requests {
		counts[r.Path]++
	}
	return counts
}

func (s *Server) controlOpens(w http.ResponseWriter, r *http.Request) {
	var question struct {
		DeviceID string `json:"device_id"`
		PIN      string `json:"pin"`
	}
	if err := json.NewDecoder(r.Body).Decode(&question); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	l := s.Device(question.DeviceID)
	if l == nil {
		http.Error(w, "no such lock", http.StatusNotFound)
		return
	}
	respond(w, object{"opens": l.Opens(question.PIN)})
}

func respond(w http.ResponseWriter, body object) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(encode(body))
}
