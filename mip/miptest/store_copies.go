package miptest

import (
	"context"
	"errors"
	"reflect"

	"github.com/openmip/openmip/mip"
)

func valuesAreCopies(ctx context.Context, s mip.Store) error {
	fresh := func(i int, o mip.Order) mip.Event { // shares nothing with any before
		f := plainFacts(shopRef(1))
		f.Raw = []byte(`{"a":1}`)
		return life(f)[i](o)
	}
	b := book{}
	for i := range life(plainFacts(shopRef(1))) {
		var o mip.Order
		if en, ok := b[shopRef(1)]; ok {
			o = en.order
		}
		if _, err := b.apply(shopRef(1), fresh(i, o), minute(i)); errors.Is(err, mip.ErrNotFound) {
			continue
		}
		given := fresh(i, o)
		res, err := s.Apply(ctx, shopRef(1), given, minute(i))
		if err != nil && !errors.Is(err, mip.ErrIgnored) && !errors.Is(err, mip.ErrIllegal) {
			return err
		}
		scribble(reflect.ValueOf(&given).Elem())
		scribble(reflect.ValueOf(&res).Elem())
		if err := scribbleReads(ctx, s, shopRef(1)); err != nil {
			return err
		}
		if err := b.compare(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

// scribbleReads spoils everything that reading gives.
func scribbleReads(ctx context.Context, s mip.Store, r mip.Ref) error {
	o, err := s.Order(ctx, r)
	if err != nil {
		return err
	}
	scribble(reflect.ValueOf(&o).Elem())
	h, err := s.History(ctx, r)
	if err != nil {
		return err
	}
	scribble(reflect.ValueOf(&h).Elem())
	for o, err := range s.Orders(ctx, mip.Query{}) {
		if err != nil {
			return err
		}
		scribble(reflect.ValueOf(&o).Elem())
	}
	if q, ok := s.(mip.Queue); ok {
		w, err := q.Waiting(ctx, r)
		if err != nil {
			return err
		}
		scribble(reflect.ValueOf(&w).Elem())
	}
	return nil
}

// scribble changes everything that can be reached from v: strings, numbers,
// elements of slices and maps, what pointers lead to.
func scribble(v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				scribble(v.Field(i))
			}
		}
	case reflect.Pointer:
		if !v.IsNil() {
			scribble(v.Elem())
		}
	case reflect.Slice:
		for i := range v.Len() {
			scribble(v.Index(i))
		}
	case reflect.Map:
		for _, k := range v.MapKeys() {
			v.SetMapIndex(k, reflect.ValueOf("scribbled").Convert(v.Type().Elem()))
		}
	case reflect.String:
		v.SetString("scribbled")
	case reflect.Int, reflect.Int64:
		v.SetInt(v.Int() + 77)
	case reflect.Uint8:
		v.SetUint('!')
	case reflect.Bool:
		v.SetBool(!v.Bool())
	}
}
