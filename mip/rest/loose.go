package rest

import (
	"bytes"
	"encoding/json"
)

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
	case json.Unmarshal(b, &s) == nil:
		*t = Text(s)
	default:
		*t = Text(b)
	}
	return nil
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
