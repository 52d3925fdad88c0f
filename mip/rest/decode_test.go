package rest_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

func TestWhatIsCutOffIsNotJSON(t *testing.T) {
	const body = `{"data":{"orders":[{"id":1,"name":"a"},{"id":2}],"more":false},"count":2}`
	for end := range body {
		var rows rest.Rows[thing]
		err := rest.Decode([]byte(body[:end]), rest.Members{"data": rest.Members{"orders": &rows}})
		require.ErrorIs(t, err, rest.ErrNotJSON, body[:end])
	}
	for _, more := range []string{"{}", "x", "]", "\x00"} {
		var rows rest.Rows[thing]
		require.ErrorIs(t, rest.Decode([]byte(body+more), rest.Members{"data": rest.Members{"orders": &rows}}), rest.ErrNotJSON, more)
	}
}

func TestNothingOfAnEarlierAnswerIsLeft(t *testing.T) {
	var rows rest.Rows[thing]
	var things []thing
	var more bool
	whole := rest.Members{"rows": &rows, "more": &more, "inside": rest.Members{"things": &things}}
	require.NoError(t, rest.Decode([]byte(`{"rows":[{"id":1}],"more":true,"inside":{"things":[{"id":1,"name":"a"}]}}`), whole))
	require.Len(t, rows, 1)
	require.NoError(t, rest.Decode([]byte(`{"inside":{"things":[{"id":2}]}}`), whole))
	assert.Nil(t, rows)
	assert.False(t, more)
	assert.Equal(t, []thing{{ID: 2}}, things)
	require.Error(t, rest.Decode([]byte(`<html>`), whole))
	assert.Empty(t, things)
}

func TestAVendorsOwnDecoding(t *testing.T) {
	vendor := errors.New("vendor says 17")
	get, put := rest.Call{Path: "a", Out: new(int)}, rest.Call{Method: "PUT", Path: "a", Out: new(int)}
	for name, c := range map[string]struct {
		call   rest.Call
		status int
		cause  error
		want   error
		calls  int // of Decode
	}{
		"is all there is":                        {get, 200, nil, nil, 1},
		"is for successes":                       {get, 404, nil, mip.ErrNotFound, 0},
		"is for who wants an answer":             {rest.Call{Path: "a"}, 200, vendor, nil, 0},
		"has no answer if that may be":           {rest.Call{Path: "a", Out: new(int), MayBeEmpty: true}, 200, vendor, nil, 0},
		"without a kind is not understood":       {get, 200, vendor, mip.ErrContract, 1},
		"without a kind settles no write":        {put, 200, vendor, mip.ErrUnknown, 1},
		"decides by its kind":                    {put, 200, &mip.Error{Kind: mip.ErrRefused, Err: vendor}, mip.ErrRefused, 1},
		"that fails for now makes a read repeat": {get, 200, &mip.Error{Kind: mip.ErrUnavailable, Err: vendor}, mip.ErrUnavailable, 3},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				calls := 0
				api := client(t, always(c.status, ""), func(config *rest.Config) {
					config.Decode = func(rest.Call, rest.Response) error {
						calls++
						return c.cause
					}
				})
				err := api.Do(t.Context(), c.call)
				assert.Equal(t, c.want, mip.KindOf(err))
				assert.Equal(t, c.calls, calls)
			})
		})
	}
}

func TestACredentialRefusedInsideAnAnswerIsRenewed(t *testing.T) {
	rejected := 0
	api := client(t, always(200, "{}"), once, func(c *rest.Config) {
		c.Decode = func(rest.Call, rest.Response) error { return &mip.Error{Kind: mip.ErrUnauthorized} }
		c.Rejected = func(*http.Request) bool { rejected++; return true }
	})
	require.ErrorIs(t, api.Do(t.Context(), rest.Call{Path: "a", Out: new(int)}), mip.ErrUnauthorized)
	assert.Equal(t, 2, rejected, "of the first and of the one renewed")
}

func FuzzDecode(f *testing.F) {
	for _, s := range []string{"", "{}", "\xef\xbb\xbf[1]", "<html>", `{"a":{"b":[null]}}`, `"x" "y"`, "1e999999"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var v any
		if err := rest.Decode(body, &v); err != nil {
			return
		}
		if _, err := json.Marshal(v); err != nil {
			t.Fatalf("decoded %q to something that does not encode: %v", body, err)
		}
	})
}
