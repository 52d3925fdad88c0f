package lang

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// A template is a text in parts.
type template []part

// A part is literal text, or an optional run of parts.
type part struct {
	text     string
	optional []piece
}

// A piece of an optional part is literal text or a placeholder.
type piece struct {
	text  string
	names []string // of params, the first that is there counts
	kind  string   // "" or one of kinds
}

// kinds of placeholders: an amount, an instant, the label of a state, the name
// of the finding's field.
var kinds = []string{"money", "time", "state", "field"}

// parse reads the form that the package comment describes.
func parse(text string) (template, error) {
	var out template
	for text != "" {
		literal, rest, found := strings.Cut(text, "[")
		if strings.ContainsAny(literal, "]{}") {
			return nil, errors.New("placeholder or bracket outside of an optional part")
		}
		if literal != "" {
			out = append(out, part{text: literal})
		}
		if !found {
			break
		}
		inner, after, closed := strings.Cut(rest, "]")
		if !closed || strings.Contains(inner, "[") {
			return nil, errors.New("optional part without end")
		}
		pieces, err := parsePieces(inner)
		if err != nil {
			return nil, err
		}
		out = append(out, part{optional: pieces})
		text = after
	}
	return out, nil
}

func parsePieces(text string) ([]piece, error) {
	var out []piece
	holders := 0
	for text != "" {
		literal, rest, found := strings.Cut(text, "{")
		if strings.Contains(literal, "}") {
			return nil, errors.New("placeholder without beginning")
		}
		if literal != "" {
			out = append(out, piece{text: literal})
		}
		if !found {
			break
		}
		inner, after, closed := strings.Cut(rest, "}")
		if !closed {
			return nil, errors.New("placeholder without end")
		}
		names, kind, _ := strings.Cut(inner, ":")
		if kind != "" && !slices.Contains(kinds, kind) {
			return nil, fmt.Errorf("unknown kind of placeholder %q", kind)
		}
		p := piece{names: strings.Split(names, "|"), kind: kind}
		for _, n := range p.names {
			if n == "" || strings.ContainsFunc(n, func(r rune) bool { return !unicode.IsLetter(r) }) {
				return nil, fmt.Errorf("bad name of a placeholder %q", n)
			}
		}
		out = append(out, p)
		holders++
		text = after
	}
	if holders == 0 {
		return nil, errors.New("optional part without a placeholder")
	}
	return out, nil
}

// fill writes the template; value returns what a placeholder stands for.
func (t template) fill(value func(piece) (string, bool)) string {
	var b strings.Builder
	for _, p := range t {
		b.WriteString(p.text)
		b.WriteString(fillPieces(p.optional, value))
	}
	return b.String()
}

func fillPieces(pieces []piece, value func(piece) (string, bool)) string {
	var b strings.Builder
	for _, p := range pieces {
		if p.names == nil {
			b.WriteString(p.text)
			continue
		}
		v, ok := value(p)
		if !ok {
			return ""
		}
		b.WriteString(v)
	}
	return b.String()
}

// maxParam bounds how much of a param is shown, in characters.
const maxParam = 200

// clean makes a param fit to be shown within a line: valid UTF-8, no control
// or direction marks, not longer than maxParam.
func clean(s string) string {
	if len(s) > 8*maxParam { // more than can be shown
		s = s[:8*maxParam]
	}
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Bidi_Control, r):
			return -1
		case unicode.IsControl(r), r == '\u2028', r == '\u2029':
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	s = strings.Join(strings.Fields(s), " ")
	if runes := []rune(s); len(runes) > maxParam {
		s = string(runes[:maxParam-1]) + "…"
	}
	return s
}
