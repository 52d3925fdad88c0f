package rest_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

type thing struct {
	ID   int
	Name string
}

// One of the orders of a page cannot be read: it is kept, and hides no other.
func ExampleRows() {
	body := []byte(`{"orders":[{"id":1,"name":"a"},{"id":"2","name":"b"},{"id":3}],"more":false}`)
	var orders rest.Rows[thing]
	more := true
	err := rest.Decode(body, rest.Members{"orders": &orders, "more": &more})
	fmt.Println(err, more)
	for _, o := range orders {
		fmt.Println(o.V, o.Err != nil, string(o.Raw))
	}
	// Output:
	// <nil> false
	// {1 a} false {"id":1,"name":"a"}
	// {0 b} true {"id":"2","name":"b"}
	// {3 } false {"id":3}
}

func TestMembers(t *testing.T) {
	for name, c := range map[string]struct {
		body  string
		wrong string // what the error says
		rows  int    // -1 = no list
		more  bool
	}{
		"all that is asked for":              {`{"a":{"rows":[{},{}]},"more":true}`, "", 2, true},
		"other names are passed over":        {` { "x" : [ {"rows":[1]} ] , "a" : { "y" : null , "rows" : [ {} , 5 ] } , "more" : true } `, "", 2, true},
		"an empty list is a list":            {`{"a":{"rows":[]}}`, "", 0, false},
		"null is no list":                    {`{"a":{"rows":null},"more":true}`, "", -1, true},
		"null is no object":                  {`{"a":null,"more":true}`, "", -1, true},
		"nothing is nothing":                 {`{}`, "", -1, false},
		"null for all of it":                 {`null`, "", -1, false},
		"no list: the others are read":       {`{"a":{"rows":{"0":{}}},"more":true}`, "JSON of another form", -1, true},
		"no object: the others are read":     {`{"a":["rows"],"more":true}`, "JSON of another form", -1, true},
		"another type: the others are read":  {`{"more":"yes","a":{"rows":[{}]}}`, "JSON of another form", 1, false},
		"no object at all":                   {`[{"a":{"rows":[]}}]`, "JSON of another form", -1, false},
		"names are compared exactly":         {`{"A":{"rows":[{}]},"MORE":true}`, "", -1, false},
		"the last of two of one name counts": {`{"a":{"rows":[{},{}]},"a":{"rows":[{}]}}`, "", 1, false},
	} {
		t.Run(name, func(t *testing.T) {
			var rows rest.Rows[thing]
			var more bool
			err := rest.Decode([]byte(c.body), rest.Members{"a": rest.Members{"rows": &rows}, "more": &more})
			if c.wrong == "" {
				require.NoError(t, err)
			} else {
				require.EqualError(t, err, c.wrong)
			}
			assert.Equal(t, c.rows == -1, rows == nil)
			assert.Len(t, rows, max(c.rows, 0))
			assert.Equal(t, c.more, more)
		})
	}
}

func TestARowIsWhatCameAndNoMore(t *testing.T) {
	body := []byte(` [ {"id":1} , [2],"x" ,null,{"id":2}] `)
	var rows rest.Rows[thing]
	require.NoError(t, rest.Decode(body, &rows))
	var raws []string
	for _, r := range rows {
		raws = append(raws, string(r.Raw))
		_ = append(r.Raw, "overwritten"...)
	}
	assert.Equal(t, []string{`{"id":1}`, `[2]`, `"x"`, `null`, `{"id":2}`}, raws)
	assert.Equal(t, ` [ {"id":1} , [2],"x" ,null,{"id":2}] `, string(body), "who adds to a row does not write into the next")

	var one rest.Row[thing]
	require.NoError(t, rest.Decode(body, &one))
	assert.Error(t, one.Err)
	assert.Equal(t, bytes.TrimSpace(body), []byte(one.Raw))
	again, err := json.Marshal(map[string]any{"rows": rows[3:], "none": rest.Row[thing]{}})
	require.NoError(t, err)
	assert.JSONEq(t, `{"rows":[null,{"id":2}],"none":null}`, string(again))
}

func TestARowIsReadAsAnOrder(t *testing.T) {
	var rows rest.Rows[sale]
	require.NoError(t, rest.Decode([]byte(`[{"id":"1"},{"id":1},null]`), &rows))
	for i, defects := range [][]string{nil, {"id"}, {"order"}} {
		f := rows[i].Order().Facts(mip.Facts{Ref: mip.Ref{Channel: "demo", ID: "1"}})
		var paths []string
		for _, d := range f.Defects {
			paths = append(paths, d.Path)
		}
		assert.Equal(t, defects, paths)
		assert.Equal(t, len(defects) > 0, bytes.Equal(f.Raw, rows[i].Raw))
	}
}

// FuzzRows: rows are what encoding/json makes of a list and of each of its
// values.
func FuzzRows(f *testing.F) {
	for _, s := range []string{`[]`, `[{"id":1},{"id":"x"}]`, `[1 2]`, `[,1]`, `[1,]`, `[1}`, `{"a":1}`, `null`, ` [ null , [ ] ] `, `[{"id":1},x]`, `[`, `"["`, `[1]]`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var rows rest.Rows[thing]
		err := rest.Decode(body, &rows)
		trimmed := bytes.TrimSpace(bytes.TrimPrefix(bytes.TrimSpace(body), []byte("\xef\xbb\xbf")))
		require.Equal(t, json.Valid(trimmed), !errors.Is(err, rest.ErrNotJSON), "%q: %v", body, err)
		var raws []json.RawMessage
		if json.Unmarshal(trimmed, &raws) != nil {
			require.Error(t, err)
			return
		}
		require.NoError(t, err)
		require.Equal(t, raws == nil, rows == nil)
		require.Len(t, rows, len(raws))
		for i, raw := range raws {
			var v thing
			wrong := json.Unmarshal(raw, &v)
			require.Equal(t, string(raw), string(rows[i].Raw))
			require.Equal(t, v, rows[i].V)
			require.Equal(t, wrong != nil, rows[i].Err != nil)
		}
		var inside rest.Rows[thing]
		wrapped := fmt.Appendf(nil, `{"x":%s,"a":{"rows":%[1]s},"x":1}`, trimmed)
		require.NoError(t, rest.Decode(wrapped, rest.Members{"a": rest.Members{"rows": &inside}}))
		require.Equal(t, rows, inside)
	})
}
