package rest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"

	"github.com/openmip/openmip/mip"
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

// Decode reads exactly one JSON value from body into v. A byte order mark is
// passed over and numbers that go into interfaces stay [json.Number]. The
// error never quotes the body.
func Decode(body []byte, v any) error {
	body = trim(body)
	if len(body) == 0 {
		return errors.New("empty body")
	}
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	if err := dec.Decode(v); err != nil {
		return decodeError(body, err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return errors.New("more than one JSON value")
	}
	return nil
}

// decodeError says what is wrong without repeating any of the body:
// encoding/json quotes numbers, and decoders of other types quote all.
func decodeError(body []byte, err error) error {
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return fmt.Errorf("%q has another type", wrong.Field)
	}
	if own, ok := errors.AsType[*mip.Error](err); ok {
		return own
	}
	if !json.Valid(body) {
		return errors.New("not JSON")
	}
	return errors.New("JSON of another form")
}

func trim(b []byte) []byte {
	return bytes.TrimSpace(bytes.TrimPrefix(bytes.TrimSpace(b), []byte("\xef\xbb\xbf")))
}
