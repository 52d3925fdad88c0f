package bigbuy

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/openmip/openmip/mip"
)

// errDrift is the most that is said about a value that cannot be read.
var errDrift = errors.New("value of another form")

// Text is a text or id that BigBuy sends as text or number. null, false and
// empty collections are the empty text.
type Text string

// UnmarshalJSON implements [json.Unmarshaler].
func (t *Text) UnmarshalJSON(b []byte) error {
	s, err := scalar(b)
	*t = Text(s)
	return err
}

// Count is a whole number that comes as number or text; 0 if it is missing.
type Count int

// UnmarshalJSON implements [json.Unmarshaler].
func (c *Count) UnmarshalJSON(b []byte) error {
	s, err := scalar(b)
	if err != nil || s == "" {
		return err
	}
	whole, fraction, _ := strings.Cut(s, ".")
	n, err := strconv.Atoi(whole)
	if err != nil || strings.Trim(fraction, "0") != "" {
		return errDrift
	}
	*c = Count(n)
	return nil
}

// Flag is a yes or no that comes as boolean, 0/1 or text; no if it is missing.
type Flag bool

// UnmarshalJSON implements [json.Unmarshaler].
func (f *Flag) UnmarshalJSON(b []byte) error {
	s, err := scalar(b)
	if err != nil {
		return err
	}
	switch strings.ToLower(s) {
	case "1", "true":
		*f = true
	case "", "0", "false":
	default:
		return errDrift
	}
	return nil
}

// Euro is an amount in euro that comes as number, text or with binary noise
// (9.809999999999999), rounded to cents. null and empty text are the zero
// value, which has no currency: not told.
type Euro struct{ mip.Money }

// UnmarshalJSON implements [json.Unmarshaler].
func (e *Euro) UnmarshalJSON(b []byte) error {
	*e = Euro{}
	s, err := scalar(b)
	if err != nil || s == "" {
		return err
	}
	if e.Money, err = mip.RoundMoney(s, "EUR"); err != nil {
		return errDrift
	}
	return nil
}

// scalar returns the text of a JSON scalar: a string trimmed, a number as it
// is written, true as "true"; null, false, [] and {} as nothing.
func scalar(b []byte) (string, error) {
	b = bytes.TrimSpace(b)
	switch {
	case len(b) == 0:
		return "", errDrift
	case b[0] == '"':
		var s string
		err := json.Unmarshal(b, &s)
		return strings.TrimSpace(s), err
	case b[0] == '{' || b[0] == '[':
		if !hollow(b) {
			return "", errDrift
		}
		return "", nil
	case string(b) == "null" || string(b) == "false":
		return "", nil
	}
	return string(b), nil
}

// List is a list that may come as null, as a single element, or as an object
// numbered from anywhere (PHP). Elements that are null or empty collections
// are left out.
type List[T any] []T

// UnmarshalJSON implements [json.Unmarshaler].
func (l *List[T]) UnmarshalJSON(b []byte) error {
	*l = nil
	raw, err := elements(b)
	if err != nil {
		return err
	}
	for _, r := range raw {
		if void(r) {
			continue
		}
		var v T
		if err := json.Unmarshal(r, &v); err != nil {
			return err
		}
		*l = append(*l, v)
	}
	return nil
}

func elements(b []byte) ([]json.RawMessage, error) {
	b = bytes.TrimSpace(b)
	var raw []json.RawMessage
	switch {
	case void(b):
		return nil, nil
	case b[0] == '[':
		err := json.Unmarshal(b, &raw)
		return raw, err
	case b[0] == '{':
		var byKey map[string]json.RawMessage
		if err := json.Unmarshal(b, &byKey); err != nil {
			return nil, err
		}
		if numbered, ok := inOrder(byKey); ok {
			return numbered, nil
		}
	}
	return []json.RawMessage{b}, nil
}

// inOrder returns the values of an object whose keys are all numbers.
func inOrder(byKey map[string]json.RawMessage) ([]json.RawMessage, bool) {
	keys := make([]int, 0, len(byKey))
	for k := range byKey {
		n, err := strconv.Atoi(k)
		if err != nil || strconv.Itoa(n) != k {
			return nil, false
		}
		keys = append(keys, n)
	}
	slices.Sort(keys)
	out := make([]json.RawMessage, len(keys))
	for i, k := range keys {
		out[i] = byKey[strconv.Itoa(k)]
	}
	return out, true
}

// void reports whether b is null, false, an empty text or an empty collection.
func void(b []byte) bool {
	b = bytes.TrimSpace(b)
	switch string(b) {
	case "", "null", "false", `""`:
		return true
	}
	return hollow(b)
}

// hollow reports whether b is an empty collection.
func hollow(b []byte) bool {
	return len(b) >= 2 && (b[0] == '[' || b[0] == '{') && len(bytes.TrimSpace(b[1:len(b)-1])) == 0
}

// Maybe is an object that PHP sends as [] when it is empty, and that may be
// null.
type Maybe[T any] struct {
	Value T
	Set   bool
}

// UnmarshalJSON implements [json.Unmarshaler].
func (m *Maybe[T]) UnmarshalJSON(b []byte) error {
	*m = Maybe[T]{}
	if void(b) {
		return nil
	}
	if err := json.Unmarshal(b, &m.Value); err != nil {
		return err
	}
	m.Set = true
	return nil
}
