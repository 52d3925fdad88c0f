package rest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"

	"github.com/openmip/openmip/mip"
)

// Decode reads exactly one JSON value from body into v, a pointer or [Members];
// what v held before is gone. A byte order mark is passed over and numbers that
// go into interfaces stay [json.Number]. A part of another form than its place
// in v leaves the others readable, but is an error. What is no JSON is
// [ErrNotJSON]. No error quotes the body.
func Decode(body []byte, v any) error {
	if body = trim(body); len(body) == 0 {
		return fmt.Errorf("%w: nothing", ErrNotJSON)
	}
	empty(v)
	d := &decoder{Decoder: json.NewDecoder(bytes.NewReader(body)), body: body}
	d.UseNumber()
	if err := d.value(v); err != nil {
		return decodeError(body, err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return fmt.Errorf("%w: more than one value", ErrNotJSON)
	}
	if d.wrong != nil {
		return decodeError(body, d.wrong)
	}
	return nil
}

// empty forgets what an earlier answer left.
func empty(v any) {
	if m, ok := v.(Members); ok {
		for _, place := range m {
			empty(place)
		}
	} else if p := reflect.ValueOf(v); p.Kind() == reflect.Pointer && !p.IsNil() {
		p.Elem().SetZero()
	}
}

// decodeError says what is wrong without repeating any of the body:
// encoding/json quotes numbers, and decoders of other types quote all.
func decodeError(body []byte, err error) error {
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok && wrong.Field != "" {
		return fmt.Errorf("%q has another type", wrong.Field)
	}
	if own, ok := errors.AsType[*mip.Error](err); ok {
		return own
	}
	if !json.Valid(body) {
		return ErrNotJSON
	}
	return errOtherForm
}

// ErrNotJSON is the error of [Decode] and [DecodeLoose] for a body that is
// something else, or cut off: perhaps not the API's own answer.
var ErrNotJSON = errors.New("not JSON")

var errOtherForm = errors.New("JSON of another form")

func trim(b []byte) []byte {
	return bytes.TrimSpace(bytes.TrimPrefix(bytes.TrimSpace(b), []byte("\xef\xbb\xbf")))
}

// decoder reads a body once, value by value. Its methods return an error only
// for what is no JSON, since nothing can be read behind that.
type decoder struct {
	*json.Decoder
	body  []byte
	wrong error // the first value that has another form than its place
}

// value reads the next value into its place.
func (d *decoder) value(place any) error {
	if s, ok := place.(interface{ stream(*decoder) error }); ok {
		return s.stream(d)
	}
	_, wrong, err := d.next(place)
	if d.wrong == nil {
		d.wrong = wrong
	}
	return err
}

// next decodes the next value and returns its bytes too, which are the body's.
func (d *decoder) next(v any) (raw json.RawMessage, wrong, err error) {
	start := len(d.body) - len(d.ahead())
	wrong = d.Decode(v)
	end := int(d.InputOffset())
	if wrong != nil && end <= start {
		return nil, nil, wrong
	}
	return d.body[start:end:end], wrong, nil
}

// ahead is the body from the next value on.
func (d *decoder) ahead() []byte {
	return bytes.TrimLeft(d.body[d.InputOffset():], ":, \t\r\n")
}

// each calls read before each value of a list or name of an object, whichever
// open begins. there is false for anything else; null is nothing wrong.
func (d *decoder) each(open byte, read func() error) (there bool, err error) {
	if from := d.ahead(); len(from) == 0 || from[0] != open {
		var other any
		if err = d.value(&other); other != nil && d.wrong == nil {
			d.wrong = errOtherForm
		}
		return false, err
	}
	if _, err = d.Token(); err != nil {
		return false, err
	}
	for d.More() {
		if err = read(); err != nil {
			return false, err
		}
	}
	_, err = d.Token()
	return true, err
}
