package mip

import (
	"crypto/sha256"
	"encoding/base32"
	"strconv"
	"strings"
	"time"
)

// Outcome is what is known of one attempt to buy.
type Outcome string

const (
	OutcomeOpen    Outcome = "open"    // stored; perhaps in flight
	OutcomePlaced  Outcome = "placed"  // the supplier has all of it
	OutcomePartial Outcome = "partial" // the supplier has some of it
	OutcomeRefused Outcome = "refused" // proven: nothing was bought
	OutcomeUnknown Outcome = "unknown" // perhaps bought: look before anything else
)

// Attempt is one try to buy an order's open lines, stored before the call
// leaves and kept for ever.
type Attempt struct {
	Number int `json:"number"` // counts the order's attempts from 1
	// Generation and Reference stay the same while attempts are refused, so
	// that a supplier which knows the reference after all refuses a second
	// order. They change once something was placed under the reference.
	Generation  int       `json:"generation"`
	Reference   string    `json:"reference"`
	Items       []Item    `json:"items"`             // what it covers, by line
	PayloadHash string    `json:"payloadHash"`       // of the [Purchase], see [Purchase.Hash]
	Payment     string    `json:"payment,omitempty"` // the method that it has come to: it may have been asked for money
	Amount      Money     `json:"amount"`            // what was quoted and reserved
	Fee         Money     `json:"fee"`               // what paying this way costs extra; zero value = nothing
	Pledge      Pledge    `json:"pledge,omitzero"`
	Outcome     Outcome   `json:"outcome"`
	StartedAt   time.Time `json:"startedAt"`
	SentAt      time.Time `json:"sentAt,omitzero"` // set before the call leaves; zero = it never left
	LostAt      time.Time `json:"lostAt,omitzero"` // since when the outcome is unknown; what is not there counts from then on
	EndedAt     time.Time `json:"endedAt,omitzero"`
	Tries       int       `json:"tries,omitempty"`    // calls proven not to have arrived
	Looks       int       `json:"looks,omitempty"`    // look-ups made since the outcome is unknown
	Absences    int       `json:"absences,omitempty"` // of them, authoritative "not there" in a row
	Settled     bool      `json:"settled,omitempty"`  // the payment was settled or released
	Awaits      bool      `json:"awaits,omitempty"`   // it ended, and its pledge is kept for the next attempt
	// Apart: every method has a payment key of its own. In attempts that
	// earlier versions stored all methods share [Attempt.Key].
	Apart bool `json:"apart,omitempty"`
}

// Pledge is a payment that was begun, perhaps for an earlier attempt, and
// waited for a person. The next attempt over the same amount goes on with it,
// so that nobody is asked to pay twice, and owns it from then on. The zero
// value is none.
type Pledge struct {
	Method string `json:"method"` // name of the [Payment]
	Key    string `json:"key"`
}

// PaymentKey is the idempotency key for paying the attempt with a method, at
// most 64 URL-safe bytes: the pledge's where that is of this method, else
// [Attempt.Key] and the method ("shop-1001--a1-wallet"). No two methods share
// one, so that two that keep books in one ledger never meet in them. A method
// whose name is too long for that, or not made of a–z, 0–9 and single hyphens,
// goes in as a digest.
func (a Attempt) PaymentKey(method string) string {
	switch {
	case a.Pledge.Key != "" && a.Pledge.Method == method:
		return a.Pledge.Key
	case !a.Apart:
		return a.Key()
	}
	if plain := a.Key() + "-" + method; readable(method) && !strings.HasPrefix(method, "x") && len(plain) <= maxKey {
		return plain
	}
	sum := sha256.Sum256([]byte(method))
	digest := "-x" + strings.ToLower(base32.StdEncoding.EncodeToString(sum[:10]))
	return a.Key() + digest[:min(len(digest), maxKey-len(a.Key()))]
}

const maxKey = 64 // bytes

// Key names the attempt among all: its reference and number.
func (a Attempt) Key() string { return a.Reference + "--a" + strconv.Itoa(a.Number) }

// InFlight reports whether the attempt may have bought something that is not
// recorded: it is open or unknown.
func (a Attempt) InFlight() bool { return a.Outcome == OutcomeOpen || a.Outcome == OutcomeUnknown }

// UnknownFinding says that nobody can tell what an attempt bought. A person
// who has looked may override it, which counts as proof that it bought
// nothing more than what is recorded.
func UnknownFinding(a Attempt) Finding {
	return Finding{
		Code: CodeOutcomeUnknown, Path: "lines", Severity: Overridable,
		Params: map[string]string{"reference": a.Reference, "since": a.SentAt.UTC().Format(time.RFC3339)},
		Value:  ValueHash(a.Key()),
	}
}
