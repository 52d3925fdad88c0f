package paypal

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strings"
)

// RequestID is PayPal's idempotency key of one call (PayPal-Request-Id, 108
// characters). PayPal answers a repetition with what the first call made, but
// remembers only for a while: [OrdersMemory], [PaymentsMemory], [VaultMemory].
// The zero value is none; calls that need one refuse it.
type RequestID struct{ text string }

var (
	plainKey  = regexp.MustCompile(`^[A-Za-z0-9._~-]{1,64}$`)
	operation = regexp.MustCompile(`^[a-z][a-z0-9-]{0,31}$`)
)

// NewRequestID returns the id for one operation ("create", "capture",
// "refund-1") of one attempt. It depends on nothing else, so that a process
// that starts again repeats the same call; other keys and other operations
// never give the same id. Keys that are long or have characters with a meaning
// in addresses go in as their SHA-256.
//
// An empty key, or an operation that is not 1 to 32 lower-case letters, digits
// and hyphens that begin with a letter, gives the zero value.
func NewRequestID(key, op string) RequestID {
	if key == "" || !operation.MatchString(op) {
		return RequestID{}
	}
	if !plainKey.MatchString(key) || strings.HasPrefix(key, hashed) {
		sum := sha256.Sum256([]byte(key))
		key = hashed + hex.EncodeToString(sum[:])
	}
	return RequestID{key + "." + op}
}

const hashed = "sha256-"

// String returns the id as it is sent.
func (r RequestID) String() string { return r.text }

// IsZero reports whether there is none.
func (r RequestID) IsZero() bool { return r.text == "" }
