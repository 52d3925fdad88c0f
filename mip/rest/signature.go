package rest

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
)

// Signed reports whether given is the base64 of the HMAC-SHA256 of body with
// one of the secrets: two while they rotate. It compares in constant time.
// Secrets that are not set sign nothing.
func Signed(body []byte, given string, secrets ...Secret) bool {
	signature, err := base64.StdEncoding.DecodeString(given)
	if err != nil {
		return false
	}
	ok := false
	for _, secret := range secrets {
		mac := hmac.New(sha256.New, []byte(secret.Reveal()))
		mac.Write(body)
		ok = hmac.Equal(signature, mac.Sum(nil)) && secret.Set() || ok
	}
	return ok
}

// DeliveryID is by which a pushed message is known again: a digest of its body,
// and of the sender's own id for it, if any. Headers are mostly not signed, so
// that id only tells repetitions from equal news.
func DeliveryID(body []byte, own string) string {
	sum := sha256.Sum256(body)
	id := hex.EncodeToString(sum[:16])
	if own != "" {
		more := sha256.Sum256([]byte(own))
		id += hex.EncodeToString(more[:8])
	}
	return id
}
