package rest

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"net/http"
)

// Response is an answer as it came. Its body may be personal data: it prints
// as status and length with every fmt verb and in slog.
type Response struct {
	Status int
	Header http.Header
	Body   []byte
}

// Decode reads the body as JSON into v, see [Decode].
func (r Response) Decode(v any) error { return Decode(r.Body, v) }

// Empty reports whether the body has nothing but white space.
func (r Response) Empty() bool { return len(trim(r.Body)) == 0 }

// webPage reports whether the body is meant for people.
func (r Response) webPage() bool {
	start := bytes.ToLower(trim(r.Body[:min(len(r.Body), 512)]))
	return bytes.HasPrefix(start, []byte("<!doctype html")) || bytes.HasPrefix(start, []byte("<html"))
}

// String returns status and length.
func (r Response) String() string { return fmt.Sprintf("status %d, %d bytes", r.Status, len(r.Body)) }

// Format implements [fmt.Formatter]; every verb prints the same.
func (r Response) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, r.String()) }

// LogValue implements [slog.LogValuer].
func (r Response) LogValue() slog.Value { return slog.StringValue(r.String()) }
