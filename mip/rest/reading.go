package rest

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/openmip/openmip/mip"
)

// Reading turns one order from a platform's JSON into [mip.Facts]. Whatever
// cannot be read becomes a defect, blocking and with its path, so that the
// order is kept, held and shown to a person; nothing is guessed, and there is
// no error. A value is for one order and one goroutine. [Row.Order] makes one of
// a page's order, [ReadOrder] of one alone.
//
//	r := row.Order()
//	return r.Facts(mip.Facts{Total: r.Money("total", o.Total, o.Currency), …})
type Reading struct {
	raw     []byte
	defects []mip.Finding
}

// ReadOrder decodes raw into wire, a pointer to the platform's own struct, as far
// as that goes. If a value has another type than its field, the others are
// read all the same, and the defect names its path.
func ReadOrder(raw []byte, wire any) *Reading {
	var err error
	if trimmed := trim(raw); isObject(trimmed) {
		err = json.Unmarshal(trimmed, wire)
	}
	return newReading(raw, err)
}

func isObject(raw []byte) bool { return len(raw) > 0 && raw[0] == '{' }

// newReading begins the reading of an order; err is of its decoding.
func newReading(raw []byte, err error) *Reading {
	r := &Reading{raw: raw}
	if !isObject(trim(raw)) {
		r.Check("order", false)
	} else if err != nil {
		path := "order"
		if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
			path = cmp.Or(strings.ToLower(wrong.Field), path)
		}
		r.Check(path, false)
	}
	return r
}

// Check records a defect at path, in the platform's own terms, unless ok. Two
// defects at one path are one.
func (r *Reading) Check(path string, ok bool) {
	there := func(f mip.Finding) bool { return f.Path == path }
	if !ok && !slices.ContainsFunc(r.defects, there) {
		r.defects = append(r.defects, mip.Finding{Code: mip.CodeUnreadable, Path: path, Severity: mip.Blocking})
	}
}

// Money reads an amount by [mip.ParseMoney]; empty text is a defect too.
func (r *Reading) Money(path, amount, currency string) mip.Money {
	m, err := mip.ParseMoney(amount, currency)
	r.Check(path, err == nil)
	return m
}

// Time reads an instant in a layout of package time; text without a zone is
// UTC, and so is the result. Empty text is a defect too.
func (r *Reading) Time(path, layout, text string) time.Time {
	t, err := time.Parse(layout, text)
	r.Check(path, err == nil)
	return t.UTC()
}

// Demand translates the platform's word for an order's status. An unknown one
// is a defect and [mip.DemandUnpaid]: never "ship it".
func (r *Reading) Demand(path, word string, words map[string]mip.Demand) mip.Demand {
	d, known := words[word]
	r.Check(path, known)
	return cmp.Or(d, mip.DemandUnpaid)
}

// Facts returns f with the defects recorded and, if there are any, the payload
// by [Shrink]. An order whose id cannot be one gets an id made of its content,
// "unreadable-…", and a defect at "id".
func (r *Reading) Facts(f mip.Facts) mip.Facts {
	if (mip.Ref{Channel: "any", ID: f.Ref.ID}).Valid() != nil {
		sum := sha256.Sum256(r.raw)
		f.Ref.ID = "unreadable-" + hex.EncodeToString(sum[:8])
		r.Check("id", false)
	}
	if f.Defects = append(f.Defects, r.defects...); len(f.Defects) > 0 {
		f.Raw = Shrink(r.raw)
	}
	return f
}

// Shrink returns a copy of a payload in at most 64 KiB of valid JSON, as
// [mip.Facts] keeps it: whole, or with its texts and lists cut, ever shorter.
func Shrink(raw []byte) json.RawMessage {
	const most = 64 << 10
	var v any
	if raw = trim(raw); !json.Valid(raw) || Decode(raw, &v) != nil {
		return json.RawMessage(`"not JSON"`)
	}
	for limit := 4096; len(raw) > most; limit /= 4 {
		if limit < 4 {
			return json.RawMessage(`"too large"`)
		}
		raw, _ = json.Marshal(prune(v, limit))
	}
	return bytes.Clone(raw)
}

func prune(v any, limit int) any {
	switch v := v.(type) {
	case string:
		return cut(v, limit)
	case []any:
		out := make([]any, 0, min(len(v), limit))
		for _, e := range v[:min(len(v), limit)] {
			out = append(out, prune(e, limit))
		}
		return out
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, e := range v {
			out[cut(k, limit)] = prune(e, limit)
		}
		return out
	}
	return v
}

// cut shortens to at most n bytes, between characters.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}
