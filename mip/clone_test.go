package mip_test

import (
	"reflect"
	"testing"

	"github.com/openmip/openmip/mip"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestACopySharesNothing fills every field of an order, the ones added in
// future too, and looks for memory that two copies share.
func TestACopySharesNothing(t *testing.T) {
	var o mip.Order
	fill(reflect.ValueOf(&o).Elem())
	require.NotEmpty(t, o.Placements[0].Parcels[0].Items, "the test fills nothing")
	require.NotNil(t, o.Quote.Refusals[0].Params)

	c := o.Clone()
	assert.Equal(t, o, c)
	noSharing(t, "order", reflect.ValueOf(o), reflect.ValueOf(c))
}

// fill puts something into everything that can be reached.
func fill(v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Field(i).CanSet() {
				fill(v.Field(i))
			}
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem())
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 4))
		for i := range v.Len() {
			fill(v.Index(i))
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		fill(key)
		fill(value)
		v.SetMapIndex(key, value)
	case reflect.String:
		v.SetString("x")
	}
}

func noSharing(t *testing.T, path string, a, b reflect.Value) {
	switch a.Kind() {
	case reflect.Struct:
		for i := range a.NumField() {
			if f := a.Type().Field(i); f.IsExported() {
				noSharing(t, path+"."+f.Name, a.Field(i), b.Field(i))
			}
		}
	case reflect.Slice:
		assert.NotEqual(t, a.UnsafePointer(), b.UnsafePointer(), "%s is shared", path)
		for i := range a.Len() {
			noSharing(t, path+"[]", a.Index(i), b.Index(i))
		}
	case reflect.Map, reflect.Pointer:
		assert.NotEqual(t, a.UnsafePointer(), b.UnsafePointer(), "%s is shared", path)
		if a.Kind() == reflect.Pointer {
			noSharing(t, path, a.Elem(), b.Elem())
		}
	}
}
