package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

// decoder reads JSON into structs and names the place of everything that is
// wrong with it, without quoting values.
type decoder struct {
	env    func(name string) (string, bool)
	faults []error
}

func (d *decoder) fault(path, format string, args ...any) {
	d.faults = append(d.faults, fmt.Errorf("%s: %s", path, fmt.Sprintf(format, args...)))
}

// decode reads one document; what is wrong is one error per place, joined.
func (d *decoder) decode(raw []byte, into any) error {
	in := json.NewDecoder(bytes.NewReader(raw))
	var all json.RawMessage
	if err := in.Decode(&all); err != nil {
		return fmt.Errorf("not JSON, line %d: %w", 1+bytes.Count(raw[:min(int(in.InputOffset()), len(raw))], []byte("\n")), plain(err))
	}
	if _, err := in.Token(); !errors.Is(err, io.EOF) {
		return errors.New("something follows the closing brace")
	}
	d.value("", all, reflect.ValueOf(into).Elem())
	return errors.Join(d.faults...)
}

// plain is an error of the JSON package without the input's characters.
func plain(err error) error {
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		return fmt.Errorf("at byte %d", syntax.Offset)
	}
	return errors.New("it ends too early")
}

func (d *decoder) value(path string, raw json.RawMessage, v reflect.Value) {
	switch into := v.Addr().Interface().(type) {
	case *rest.Secret:
		d.secret(path, raw, into)
	case *time.Duration:
		d.text(path, raw, "a time such as \"30s\"", func(s string) (err error) { *into, err = time.ParseDuration(s); return err })
	case *mip.Money:
		d.text(path, raw, "an amount such as \"200.00 EUR\"", func(s string) (err error) {
			amount, currency, _ := strings.Cut(s, " ")
			*into, err = mip.ParseMoney(amount, currency)
			return err
		})
	case *storeURL:
		d.text(path, raw, "sqlite:FILE or postgres://…", func(s string) error { *into = d.address(path, s); return nil })
	case *shop:
		d.shop(path, raw, into)
	default:
		d.compound(path, raw, v)
	}
}

func (d *decoder) compound(path string, raw json.RawMessage, v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		d.fields(path, raw, v)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		d.value(path, raw, v.Elem())
	case reflect.Slice:
		var items []json.RawMessage
		if json.Unmarshal(raw, &items) != nil {
			d.fault(path, "want a list")
			return
		}
		v.Set(reflect.MakeSlice(v.Type(), len(items), len(items)))
		for i, item := range items {
			d.value(fmt.Sprintf("%s[%d]", path, i), item, v.Index(i))
		}
	case reflect.Map:
		items, ok := d.object(path, raw)
		if !ok {
			d.fault(path, "want an object")
			return
		}
		v.Set(reflect.MakeMap(v.Type()))
		for _, key := range slices.Sorted(maps.Keys(items)) {
			item := reflect.New(v.Type().Elem()).Elem()
			d.value(path+"."+key, items[key], item)
			v.SetMapIndex(reflect.ValueOf(key).Convert(v.Type().Key()), item)
		}
	default:
		if json.Unmarshal(raw, v.Addr().Interface()) != nil || string(raw) == "null" {
			d.fault(path, "want a %s", map[bool]string{true: v.Kind().String(), false: "number"}[v.Kind() == reflect.String || v.Kind() == reflect.Bool])
		}
	}
}

// fields reads an object; a name that the struct does not have is a fault.
func (d *decoder) fields(path string, raw json.RawMessage, v reflect.Value) {
	items, ok := d.object(path, raw)
	if !ok {
		d.fault(or(path, "file"), "want an object")
		return
	}
	known := map[string]reflect.Value{}
	for _, f := range reflect.VisibleFields(v.Type()) {
		if name := f.Tag.Get("json"); name != "" {
			known[name] = v.FieldByIndex(f.Index)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(items)) {
		at := strings.TrimPrefix(path+"."+name, ".")
		if field, ok := known[name]; ok {
			d.value(at, items[name], field)
		} else {
			d.fault(at, "no such field; there are %s", strings.Join(slices.Sorted(maps.Keys(known)), ", "))
		}
	}
}

// object returns an object's items; ok is false for anything else. A name that
// comes twice is a fault.
func (d *decoder) object(path string, raw json.RawMessage) (items map[string]json.RawMessage, ok bool) {
	items = map[string]json.RawMessage{}
	in := json.NewDecoder(bytes.NewReader(raw))
	if open, _ := in.Token(); open != json.Delim('{') {
		return nil, false
	}
	for in.More() {
		name, _ := in.Token() // it was read once as a whole
		var item json.RawMessage
		_ = in.Decode(&item)
		if _, twice := items[name.(string)]; twice {
			d.fault(strings.TrimPrefix(path+"."+name.(string), "."), "stands here twice")
		}
		items[name.(string)] = item
	}
	return items, true
}

func (d *decoder) text(path string, raw json.RawMessage, want string, parse func(string) error) {
	var s string
	if json.Unmarshal(raw, &s) != nil || parse(s) != nil {
		d.fault(path, "want %s", want)
	}
}

// secret takes "${NAME}", a variable of the environment, and "@path", a file.
// The secret itself does not stand in a configuration.
func (d *decoder) secret(path string, raw json.RawMessage, into *rest.Secret) {
	var s string
	_ = json.Unmarshal(raw, &s) // another type is as wrong as another text
	switch {
	case strings.HasPrefix(s, "${") && strings.HasSuffix(s, "}"):
		name := s[2 : len(s)-1]
		value, _ := d.env(name)
		if value == "" {
			d.fault(path, "the variable %s is not set", name)
		}
		*into = rest.NewSecret(value)
	case strings.HasPrefix(s, "@"):
		value, err := os.ReadFile(s[1:])
		if text := strings.TrimSpace(string(value)); err == nil && text != "" {
			*into = rest.NewSecret(text)
			return
		}
		d.fault(path, "the file %s cannot be read or is empty", s[1:])
	default:
		d.fault(path, "want \"${NAME}\" of the environment or \"@/path/of/a/file\"; secrets do not stand here")
	}
}

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}
