package seamtest

import (
	"encoding/json"
	"net/http"
)

// The control endpoints are not part of Seam. They give another process, such as a benchmark,
// the queries that tests use in Go.
const controlPrefix = "/_seamtest/"

func (s *Server) serveControlAPI(w http.ResponseWriter, r *http.Request) {
	switch r.Method + " " + r.URL.Path {
	case "GET " + controlPrefix + "requests":
		writeJSON(w, jsonObject{"counts": s.requestCounts(), "limited": s.RateLimitedCount()})
	case "DELETE " + controlPrefix + "requests":
		s.ResetRequests()
		writeJSON(w, jsonObject{})
	case "POST " + controlPrefix + "opens":
		s.serveOpens(w, r)
	default:
		http.NotFound(w, r)
	}
}

func (s *Server) requestCounts() map[string]int {
	defer s.lockAndAdvance()()
	counts := map[string]int{}
	for _, r := range s.requests {
		counts[r.Path]++
	}
	return counts
}

func (s *Server) serveOpens(w http.ResponseWriter, r *http.Request) {
	var query struct {
		DeviceID string `json:"device_id"`
		PIN      string `json:"pin"`
	}
	if err := json.NewDecoder(r.Body).Decode(&query); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	l := s.Device(query.DeviceID)
	if l == nil {
		http.Error(w, "no such lock", http.StatusNotFound)
		return
	}
	writeJSON(w, jsonObject{"opens": l.Opens(query.PIN)})
}

func writeJSON(w http.ResponseWriter, body jsonObject) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(encodeJSON(body))
}
