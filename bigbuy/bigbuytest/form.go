package bigbuytest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/shopspring/decimal"
)

// shape is what a value of a form must look like.
type shape int

const (
	textShape shape = iota // any scalar
	countShape
	amountShape
	objectShape
	listShape
	anyShape
)

const (
	notBlank   = "This value should not be blank."
	notValid   = "This value is not valid."
	tooLong    = "This value is too long."
	extraField = "This form should not contain extra fields."
)

// field describes one field of a form.
type field struct {
	name     string
	shape    shape
	required bool
	max      int                 // characters; 0 = no limit
	silent   bool                // the limit is not told
	valid    func(string) string // returns the error's text, empty if valid
	fields   []field             // of an object, or of each element of a list
}

// node is the outcome of validating one value: Symfony's tree of errors.
type node struct {
	name   string
	errors []string
	list   bool // children have no names
	kids   []node
}

// bad reports whether there is an error in the tree.
func (n node) bad() bool {
	for _, k := range n.kids {
		if k.bad() {
			return true
		}
	}
	return len(n.errors) > 0
}

// MarshalJSON writes a clean leaf as [], a bad one as {"errors":[…]}, and
// whatever has fields or elements as {"children":…}.
func (n node) MarshalJSON() ([]byte, error) {
	if len(n.errors) == 0 && len(n.kids) == 0 {
		return []byte("[]"), nil
	}
	var b bytes.Buffer
	b.WriteByte('{')
	if len(n.errors) > 0 {
		b.WriteString(`"errors":`)
		list, _ := json.Marshal(n.errors) // strings only
		b.Write(list)
	}
	if len(n.kids) > 0 {
		if len(n.errors) > 0 {
			b.WriteByte(',')
		}
		b.WriteString(`"children":`)
		n.writeKids(&b)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

func (n node) writeKids(b *bytes.Buffer) {
	open, end := byte('{'), byte('}')
	if n.list {
		open, end = '[', ']'
	}
	b.WriteByte(open)
	for i, k := range n.kids {
		if i > 0 {
			b.WriteByte(',')
		}
		if !n.list {
			fmt.Fprintf(b, "%q:", k.name)
		}
		kid, _ := k.MarshalJSON() // never fails
		b.Write(kid)
	}
	b.WriteByte(end)
}

// dump is the tree as text, errors only.
func (n node) dump(indent string) string {
	var b strings.Builder
	for _, e := range n.errors {
		fmt.Fprintf(&b, "%sERROR: %s\n", indent, e)
	}
	for i, k := range n.kids {
		if !k.bad() {
			continue
		}
		name := k.name
		if n.list {
			name = strconv.Itoa(i)
		}
		fmt.Fprintf(&b, "%s%s:\n%s", indent, name, k.dump(indent+"    "))
	}
	return b.String()
}

// reply is the answer to a form with errors.
func (n node) reply(sw Switches) reply {
	message := "Validation Failed"
	if sw.DumpErrors {
		message = n.dump("")
	}
	return jsonReply(http.StatusBadRequest, struct {
		Code    int    `json:"code"`
		Message string `json:"message"`
		Errors  node   `json:"errors"`
	}{http.StatusBadRequest, message, n})
}

// judge validates a value, nil for a missing one.
func (f field) judge(v any) node {
	n := node{name: f.name}
	switch f.shape {
	case objectShape:
		f.judgeObject(v, &n)
	case listShape:
		n.list = true
		f.judgeList(v, &n)
	case textShape, countShape, amountShape:
		f.judgeScalar(v, &n)
	}
	return n
}

func (f field) judgeObject(v any, n *node) {
	o, isObject := v.(object)
	if !isObject {
		if v != nil {
			n.errors = append(n.errors, notValid)
		} else if f.required {
			n.errors = append(n.errors, notBlank)
		}
	}
	known := 0
	for _, sub := range f.fields {
		if _, given := o[sub.name]; given {
			known++
		}
		if isObject || f.required {
			n.kids = append(n.kids, sub.judge(o[sub.name]))
		}
	}
	if known < len(o) {
		n.errors = append(n.errors, extraField)
	}
}

func (f field) judgeList(v any, n *node) {
	list, isList := v.([]any)
	switch {
	case !isList && v != nil:
		n.errors = append(n.errors, notValid)
	case len(list) == 0 && f.required:
		n.errors = append(n.errors, notBlank)
	}
	element := field{shape: objectShape, required: true, fields: f.fields}
	for _, e := range list {
		n.kids = append(n.kids, element.judge(e))
	}
}

func (f field) judgeScalar(v any, n *node) {
	text, isScalar := scalar(v)
	switch {
	case !isScalar:
		n.errors = append(n.errors, notValid)
	case strings.TrimSpace(text) == "":
		if f.required {
			n.errors = append(n.errors, notBlank)
		}
	default:
		if e := f.judgeText(text); e != "" {
			n.errors = append(n.errors, e)
		}
	}
}

// judgeText measures in characters, as mb_strlen does.
func (f field) judgeText(text string) string {
	switch {
	case f.max > 0 && utf8.RuneCountInString(text) > f.max:
		if f.silent {
			return tooLong
		}
		return fmt.Sprintf("%s It should have %d characters or less.", tooLong, f.max)
	case f.shape == countShape:
		if n, err := strconv.Atoi(text); err != nil || n > 1_000_000 {
			return notValid
		} else if n < 1 {
			return "This value should be 1 or more."
		}
	case f.shape == amountShape:
		if _, err := decimal.NewFromString(text); err != nil {
			return notValid
		}
	}
	if f.valid != nil {
		return f.valid(text)
	}
	return ""
}
