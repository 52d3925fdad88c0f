package rest

import (
	"fmt"
	"log/slog"
)

// Secret is a credential. Every way of printing or encoding it gives
// "secret(redacted)", also as a field of a struct; only [Secret.Reveal] gives
// the text. It can be read from JSON and from text, not written back.
// The zero value is "none".
type Secret struct{ text *string }

// NewSecret wraps text; empty text gives the zero value.
func NewSecret(text string) Secret {
	if text == "" {
		return Secret{}
	}
	return Secret{&text}
}

// Reveal returns the text itself, for the one place that sends it.
func (s Secret) Reveal() string {
	if s.text == nil {
		return ""
	}
	return *s.text
}

// Set reports whether there is one.
func (s Secret) Set() bool { return s.text != nil }

const redacted = "secret(redacted)"

// String returns a constant.
func (Secret) String() string { return redacted }

// GoString implements [fmt.GoStringer].
func (Secret) GoString() string { return redacted }

// Format implements [fmt.Formatter]; every verb prints the same constant.
func (Secret) Format(s fmt.State, _ rune) { _, _ = s.Write([]byte(redacted)) }

// LogValue implements [slog.LogValuer].
func (Secret) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText implements [encoding.TextMarshaler], and so JSON.
func (Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// UnmarshalText implements [encoding.TextUnmarshaler].
func (s *Secret) UnmarshalText(b []byte) error {
	*s = NewSecret(string(b))
	return nil
}
