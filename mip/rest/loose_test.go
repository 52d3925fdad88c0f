package rest_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip/rest"
)

func TestLooseTypesTakeWhatComes(t *testing.T) {
	for in, want := range map[string]rest.Text{
		`"a"`: "a", `1.50`: "1.50", `null`: "", `false`: "", `[]`: "", ` {} `: "", `""`: "", `true`: "true", `["a"]`: `["a"]`,
	} {
		var got struct{ V rest.Text }
		require.NoError(t, json.Unmarshal([]byte(`{"v":`+in+`}`), &got), in)
		assert.Equal(t, want, got.V, in)
	}
	type object struct{ A int }
	for in, want := range map[string]rest.Part[object]{
		`{"a":1}`: {V: object{1}}, `[]`: {}, `null`: {}, `"x"`: {Bad: true}, `{"a":"x"}`: {Bad: true},
	} {
		var got struct{ V rest.Part[object] }
		require.NoError(t, json.Unmarshal([]byte(`{"v":`+in+`}`), &got), in)
		assert.Equal(t, want, got.V, in)
	}
}

func TestAConfigIsRefusedByTheNamesOfItsFields(t *testing.T) {
	type config struct {
		Name string `validate:"required"`
		Size int    `validate:"gte=0"`
	}
	require.NoError(t, rest.ValidConfig("acme", config{Name: "a"}))
	err := rest.ValidConfig("acme", config{Size: -77})
	assert.EqualError(t, err, "acme config: invalid: wrong or missing: Name (required), Size (gte)")
}
