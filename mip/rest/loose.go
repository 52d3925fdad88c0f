package rest

import (
	"bytes"
	"encoding/json"
	"unicode/utf8"
)

// DecodeLoose is [Decode] past what PHP printed in up to a hundred lines before
// the JSON, which is an object or a list: a body without one is [ErrNotJSON].
func DecodeLoose(body []byte, v any) error {
	body = trim(body)
	for range 100 {
		if len(body) > 0 && (body[0] == '{' || body[0] == '[') {
			if err := Decode(body, v); err == nil || json.Valid(body) {
				return err
			}
		}
		_, after, more := bytes.Cut(body, []byte("\n"))
		if !more {
			break
		}
		body = after
	}
	return ErrNotJSON
}

// Text takes what loosely typed platforms mean by text: strings, numbers as
// they are written, and nothing for null, false, [] and {}. It never fails; what
// is no text at all keeps its JSON, which no amount or date parser accepts.
type Text string

// UnmarshalJSON implements [json.Unmarshaler].
func (t *Text) UnmarshalJSON(b []byte) error {
	var s string
	switch {
	case absent(b):
		*t = ""
	case plain(b):
		*t = Text(b[1 : len(b)-1])
	case bytes.HasPrefix(b, []byte(`"`)) && json.Unmarshal(b, &s) == nil:
		*t = Text(s)
	default:
		*t = Text(b)
	}
	return nil
}

// plain reports whether b is a string that is written as it reads.
func plain(b []byte) bool {
	return len(b) > 1 && b[0] == '"' && b[len(b)-1] == '"' && bytes.IndexByte(b, '\\') < 0 && utf8.Valid(b)
}

// Part takes a T, or nothing for what such platforms send in place of an empty
// one. A wrong type is noted instead of failing the whole order.
type Part[T any] struct {
	V   T
	Bad bool
}

// UnmarshalJSON implements [json.Unmarshaler].
func (p *Part[T]) UnmarshalJSON(b []byte) error {
	if !absent(b) {
		p.Bad = json.Unmarshal(b, &p.V) != nil
	}
	return nil
}

func absent(b []byte) bool {
	switch string(bytes.TrimSpace(b)) {
	case "null", "false", "[]", "{}", `""`:
		return true
	}
	return false
}
