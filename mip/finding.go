package mip

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
)

// Severity says what a finding does to its order.
type Severity string

const (
	// Blocking: the order waits until the cause is gone.
	Blocking Severity = "blocking"
	// Overridable: the order waits until the cause is gone or a person,
	// named and with a reason, lets it pass.
	Overridable Severity = "overridable"
	// Notice: for people to see; the order does not wait.
	Notice Severity = "notice"
)

// Finding is one reason why an order waits, or one thing a person should
// know. Codes are public API: a code may retire, its meaning never changes.
// Texts for people, per language, are in package mip/lang.
type Finding struct {
	Code     string            `json:"code"`           // "address.too_long"
	Path     string            `json:"path,omitempty"` // field: "shipTo.line1", "lines[2].sku"
	Params   map[string]string `json:"params,omitempty"`
	Severity Severity          `json:"severity"`
	// AutoClear: the cause can go away without a person (money, stock, an
	// outage), so the engine looks again by itself.
	AutoClear bool `json:"autoClear,omitempty"`
	// Suggestion proposes new values by field path. It is never applied
	// without a person, and it may be personal data.
	Suggestion map[string]string `json:"suggestion,omitempty"`
	// Value is a digest of what was judged; an override lapses when it changes.
	Value string `json:"value,omitempty"`
}

// Blocks reports whether the finding makes its order wait, overrides apart.
func (f Finding) Blocks() bool { return f.Severity != Notice }

// same reports whether g is about the same thing.
func (f Finding) same(g Finding) bool { return f.Code == g.Code && f.Path == g.Path }

// with returns f completed by what only g knows of the same thing.
func (f Finding) with(g Finding) Finding {
	if f.Suggestion == nil {
		f.Suggestion = g.Suggestion
	}
	params := maps.Clone(g.Params)
	if params == nil {
		return f
	}
	maps.Copy(params, f.Params)
	f.Params = params
	return f
}

// ValueHash is the digest for [Finding.Value]: the first 16 hexadecimal
// digits of SHA-256 over the parts.
func ValueHash(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		h.Write([]byte(p))
		h.Write([]byte{0})
	}
	return hex.EncodeToString(h.Sum(nil))[:16]
}

// Override is a person's decision to let one exact finding pass. In an event
// Value may be left empty, for whatever stands there now; another one than
// that is [ErrConflict], so that nobody lets pass what they have not seen.
//
// [CodeOutcomeUnknown] passes by ruling the attempt out: that is kept in the
// attempt and the history, not as an override, and lasts for no other attempt.
type Override struct {
	Code  string `json:"code"`
	Path  string `json:"path,omitempty"`
	Value string `json:"value,omitempty"`
	Actor Actor  `json:"actor"`
	Why   string `json:"why"`
}

// Covers reports whether o lets f pass: same code, same path, same value, and
// f may be overridden at all.
func (o Override) Covers(f Finding) bool {
	return f.Severity == Overridable && o.Code == f.Code && o.Path == f.Path && o.Value == f.Value
}

// Holding returns the findings that make an order wait, after overrides.
func Holding(findings []Finding, overrides []Override) []Finding {
	var out []Finding
	for _, f := range findings {
		if f.Blocks() && !slices.ContainsFunc(overrides, func(o Override) bool { return o.Covers(f) }) {
			out = append(out, f)
		}
	}
	return out
}

// Codes returns the codes of findings, each once, in order of appearance.
func Codes(findings []Finding) []string {
	var out []string
	for _, f := range findings {
		if !slices.Contains(out, f.Code) {
			out = append(out, f.Code)
		}
	}
	return out
}
