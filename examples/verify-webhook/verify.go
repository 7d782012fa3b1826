// Package verify checks that a webhook delivery comes from Seam.
package verify

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// tolerance is how old or early a delivery may be.
const tolerance = 5 * time.Minute

// Delivery fails unless body was signed with secret, the one that seam_webhook has, and
// arrives at about the time when it was sent. Body must be as received, byte for byte.
func Delivery(secret string, header http.Header, body []byte, now time.Time) error {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	if err != nil {
		return errors.New("the secret is not one of Seam's")
	}
	id, timestamp := header.Get("svix-id"), header.Get("svix-timestamp")
	seconds, err := strconv.ParseInt(timestamp, 10, 64)
	if err != nil || now.Sub(time.Unix(seconds, 0)).Abs() > tolerance {
		return errors.New("the delivery is too old, or has no time")
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(id + "." + timestamp + "." + string(body)))
	want := mac.Sum(nil)
	for signature := range strings.FieldsSeq(header.Get("svix-signature")) {
		version, encoded, _ := strings.Cut(signature, ",")
		got, err := base64.StdEncoding.DecodeString(encoded)
		if err == nil && version == "v1" && hmac.Equal(got, want) {
			return nil
		}
	}
	return errors.New("no signature fits")
}
