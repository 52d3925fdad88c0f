package lang

import (
	"cmp"
	"strconv"
	"strings"
	"time"

	"github.com/openmip/openmip/mip"
)

// Texts are all texts in one language, with English behind it. A value never
// changes and is safe for concurrent use.
type Texts struct {
	language string
	own      *file
	english  *file
}

// Message is what people read of one finding. Neither part is ever empty.
type Message struct {
	Title string // why the order waits, or what there is to know
	Fix   string // what to do about it
}

// Language returns the language as a BCP 47 tag: "en", "de".
func (t *Texts) Language() string { return t.language }

// Finding returns the message for a finding. A code without a text gives the
// code itself and a general hint.
func (t *Texts) Finding(f mip.Finding) Message {
	for _, file := range t.files() {
		if m, ok := file.codes[f.Code]; ok {
			value := func(p piece) (string, bool) { return t.value(f, p) }
			return Message{Title: m.title.fill(value), Fix: m.fix.fill(value)}
		}
	}
	m := Message{Title: clean(f.Code), Fix: t.english.Unknown.Fix}
	if t.own.Unknown.Fix != "" {
		m.Fix = t.own.Unknown.Fix
	}
	if m.Title == "" {
		m.Title = t.english.Unknown.Title
		if t.own.Unknown.Title != "" {
			m.Title = t.own.Unknown.Title
		}
	}
	return m
}

// State returns the label of a state.
func (t *Texts) State(s mip.State) string {
	return t.label(func(f *file) map[string]string { return f.States }, string(s))
}

// Action returns the label of something a person may do, by the kind of event
// that doing it causes: [mip.EventResend] is "Resend order".
func (t *Texts) Action(k mip.EventKind) string {
	return t.label(func(f *file) map[string]string { return f.Actions }, string(k))
}

// Severity returns the label of a severity.
func (t *Texts) Severity(s mip.Severity) string {
	return t.label(func(f *file) map[string]string { return f.Severities }, string(s))
}

// Field returns the name of a field by the path that a finding has:
// "shipTo.city" is "City", "lines[1].sku" is "Line 2: SKU". A path that is not
// known is returned as it is.
func (t *Texts) Field(path string) string {
	fields := func(f *file) map[string]string { return f.Fields }
	before, rest, indexed := strings.Cut(path, "[")
	index, after, closed := strings.Cut(rest, "]")
	if !indexed || !closed {
		return t.label(fields, path)
	}
	n, err := strconv.Atoi(index)
	if err != nil || n < 0 || n > 1_000_000 || before != "lines" {
		return t.label(fields, path)
	}
	line := t.label(fields, "lines[]") + " " + strconv.Itoa(n+1)
	if after == "" {
		return line
	}
	name := before + after
	if label := t.label(fields, name); label != name {
		return line + ": " + label
	}
	return line + ": " + clean(strings.TrimPrefix(after, "."))
}

func (t *Texts) files() [2]*file { return [2]*file{t.own, t.english} }

// label looks key up in the own language, then in English; a key without a
// label stands for itself, and nothing for a dash.
func (t *Texts) label(of func(*file) map[string]string, key string) string {
	for _, f := range t.files() {
		if s := of(f)[key]; s != "" {
			return s
		}
	}
	if key = clean(key); key == "" {
		return "–"
	}
	return key
}

func (t *Texts) money() moneyForm {
	if t.own.Money != nil {
		return *t.own.Money
	}
	return *t.english.Money
}

// timeParam returns an instant as the language writes it, in UTC; what is none
// stays as it is.
func (t *Texts) timeParam(v string) string {
	at, err := time.Parse(time.RFC3339, v)
	if err != nil {
		return clean(v)
	}
	return at.UTC().Format(cmp.Or(t.own.Time, t.english.Time)) + " UTC"
}

// value returns what a placeholder stands for; false if the finding lacks it.
func (t *Texts) value(f mip.Finding, p piece) (string, bool) {
	if p.kind == "field" {
		return t.Field(f.Path), clean(f.Path) != ""
	}
	for _, name := range p.names {
		v, ok := f.Params[name]
		if !ok || clean(v) == "" {
			continue
		}
		switch p.kind {
		case "money":
			return t.moneyParam(v, f.Params["currency"]), true
		case "time":
			return t.timeParam(v), true
		case "state":
			return t.State(mip.State(v)), true
		}
		return clean(v), true
	}
	return "", false
}
