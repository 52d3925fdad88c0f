package rest

import "encoding/json"

// Members are the places for what an object has, by name: pointers, or Members
// for an object inside. Other names are passed over. A place stays empty if
// nothing or null stands under its name.
//
//	var orders rest.Rows[wireOrder]
//	err := rest.Decode(body, rest.Members{"data": rest.Members{"orders": &orders}})
//
// A large answer is read only once like that: encoding/json reads all that
// stands in a [json.RawMessage], or in a type with a method of its own, once
// more for each such type around it.
type Members map[string]any

func (m Members) stream(d *decoder) error {
	_, err := d.each('{', func() error {
		name, err := d.Token()
		if err != nil {
			return err
		}
		if place := m[name.(string)]; place != nil {
			return d.value(place)
		}
		_, _, err = d.next(&passed{})
		return err
	})
	return err
}

// passed is what nobody reads.
type passed struct{}

// UnmarshalJSON implements [json.Unmarshaler].
func (*passed) UnmarshalJSON([]byte) error { return nil }

// Row is one value of an answer: what was read of it, and its bytes. The zero
// value is one that is not there. Made by [Decode].
type Row[T any] struct {
	V   T
	Err error           // of another form than T; V has what could be read
	Raw json.RawMessage // a part of the answer, not a copy; nil = not there
}

func (r *Row[T]) stream(d *decoder) (err error) {
	*r = Row[T]{}
	r.Raw, r.Err, err = d.next(&r.V)
	return err
}

// Order begins the reading of an order, see [ReadOrder].
func (r *Row[T]) Order() *Reading { return newReading(r.Raw, r.Err) }

// MarshalJSON implements [json.Marshaler]: what came.
func (r Row[T]) MarshalJSON() ([]byte, error) { return r.Raw.MarshalJSON() }

// Rows are the values of a list. What one of them is hides none of the others.
// nil = there is no list.
type Rows[T any] []Row[T]

func (rs *Rows[T]) stream(d *decoder) error {
	*rs = nil
	there, err := d.each('[', func() error {
		*rs = append(*rs, Row[T]{})
		return (*rs)[len(*rs)-1].stream(d)
	})
	if there && *rs == nil {
		*rs = Rows[T]{}
	}
	return err
}
