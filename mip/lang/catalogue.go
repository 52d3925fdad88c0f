package lang

import (
	"bytes"
	"cmp"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"slices"
	"sync"
	"time"

	"golang.org/x/text/language"

	"github.com/openmip/openmip/mip"
)

//go:embed *.json
var embedded embed.FS

// english is the language behind all others.
const english = "en"

// file is one language file. Unknown holds what is said of a code without a
// text.
type file struct {
	Language   string             `json:"language"` // BCP 47
	Money      *moneyForm         `json:"money"`
	Time       string             `json:"time"` // an instant to the minute, as package time writes layouts
	Unknown    message            `json:"unknown"`
	Codes      map[string]message `json:"codes"`
	States     map[string]string  `json:"states"`
	Actions    map[string]string  `json:"actions"`
	Severities map[string]string  `json:"severities"`
	Fields     map[string]string  `json:"fields"`

	codes map[string]compiled
}

type message struct {
	Title string `json:"title"`
	Fix   string `json:"fix"`
}

type compiled struct{ title, fix template }

// Catalogue holds the texts of all languages. It never changes and is safe
// for concurrent use.
type Catalogue struct {
	matcher language.Matcher
	texts   []*Texts // as in the matcher, English first
}

// New returns the texts of this package with more on top: the *.json files in
// the root of each file system, in order. A file may add a language, or texts
// to one that is there; what is said twice is taken from the last. A file that
// does not have the form is [mip.ErrInvalid].
func New(more ...fs.FS) (*Catalogue, error) {
	files := map[string]*file{}
	for _, fsys := range append([]fs.FS{embedded}, more...) {
		if err := load(files, fsys); err != nil {
			return nil, &mip.Error{Op: "lang", Kind: mip.ErrInvalid, Err: err}
		}
	}
	names := slices.Sorted(maps.Keys(files))
	names = append([]string{english}, slices.DeleteFunc(names, func(n string) bool { return n == english })...)
	c := &Catalogue{}
	var tags []language.Tag
	for _, name := range names {
		tags = append(tags, language.Make(name))
		c.texts = append(c.texts, &Texts{language: name, own: files[name], english: files[english]})
	}
	c.matcher = language.NewMatcher(tags)
	return c, nil
}

// For returns the texts in the best language for somebody who asked for tags,
// the most wanted first. A tag may be a BCP 47 tag or a whole Accept-Language
// header; what is neither is passed over. Without a match it is English.
func (c *Catalogue) For(tags ...string) *Texts {
	_, i := language.MatchStrings(c.matcher, tags...)
	return c.texts[i]
}

// Languages returns the languages there are, as BCP 47 tags, English first.
func (c *Catalogue) Languages() []string {
	out := make([]string, len(c.texts))
	for i, t := range c.texts {
		out[i] = t.language
	}
	return out
}

// standard is the catalogue of this package alone, made at first use.
var standard = sync.OnceValue(func() *Catalogue {
	c, err := New()
	if err != nil {
		panic(err) // the embedded files are part of the program, and tested
	}
	return c
})

// For is [Catalogue.For] on the texts of this package.
func For(tags ...string) *Texts { return standard().For(tags...) }

// Languages is [Catalogue.Languages] of this package.
func Languages() []string { return standard().Languages() }

func load(files map[string]*file, fsys fs.FS) error {
	names, err := fs.Glob(fsys, "*.json")
	if err != nil {
		return err
	}
	for _, name := range names {
		raw, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		f, err := read(raw)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if have, ok := files[f.Language]; ok {
			have.take(f)
		} else {
			files[f.Language] = f
		}
	}
	return nil
}

// read decodes a file and compiles its texts.
func read(raw []byte) (*file, error) {
	f := &file{}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(f); err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("more than one value")
	}
	tag, err := language.Parse(f.Language)
	if err != nil {
		return nil, errors.New("language is not a BCP 47 tag")
	}
	f.Language = tag.String()
	if at := time.Date(2026, 11, 29, 13, 5, 0, 0, time.UTC); f.Time != "" {
		if back, err := time.Parse(f.Time, at.Format(f.Time)); err != nil || !back.Equal(at) {
			return nil, errors.New("time is not a layout of date, hour and minute")
		}
	}
	f.codes = map[string]compiled{}
	for code, m := range f.Codes {
		title, err := parse(m.Title)
		if err != nil {
			return nil, fmt.Errorf("title of %s: %w", code, err)
		}
		fix, err := parse(m.Fix)
		if err != nil {
			return nil, fmt.Errorf("fix of %s: %w", code, err)
		}
		if !literal(title) || !literal(fix) {
			return nil, fmt.Errorf("%s: title and fix need words outside of optional parts", code)
		}
		f.codes[code] = compiled{title, fix}
	}
	return f, nil
}

// literal reports whether a text says something without any param.
func literal(t template) bool {
	return slices.ContainsFunc(t, func(p part) bool { return clean(p.text) != "" })
}

// take adds what g says.
func (f *file) take(g *file) {
	if g.Money != nil {
		f.Money = g.Money
	}
	f.Time = cmp.Or(g.Time, f.Time)
	if g.Unknown.Title != "" {
		f.Unknown.Title = g.Unknown.Title
	}
	if g.Unknown.Fix != "" {
		f.Unknown.Fix = g.Unknown.Fix
	}
	f.codes = merged(f.codes, g.codes)
	f.States = merged(f.States, g.States)
	f.Actions = merged(f.Actions, g.Actions)
	f.Severities = merged(f.Severities, g.Severities)
	f.Fields = merged(f.Fields, g.Fields)
}

func merged[V any](a, b map[string]V) map[string]V {
	out := maps.Clone(a)
	if out == nil {
		out = map[string]V{}
	}
	maps.Copy(out, b)
	return out
}
