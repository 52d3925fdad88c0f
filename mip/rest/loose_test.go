package rest_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
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
	for in, want := range map[string]rest.Text{
		`"a\"\u00e4\n"`: "a\"ä\n", `"ä€"`: "ä€", "\"a\xff\"": "a\ufffd", `"\\"`: `\`, `"[]"`: "[]", `"null"`: "null", `{"a":[1]}`: `{"a":[1]}`,
	} {
		var got struct{ V rest.Text }
		require.NoError(t, json.Unmarshal([]byte(`{"v":`+in+`}`), &got), in)
		assert.Equal(t, want, got.V, in)
	}
	for _, in := range []string{"", `"`, "x", `"a`} {
		var got rest.Text
		require.NoError(t, got.UnmarshalJSON([]byte(in)), "it never fails")
		assert.Equal(t, rest.Text(in), got)
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

func TestDecodingPastWhatPHPPrints(t *testing.T) {
	line := "<br />\n"
	for name, c := range map[string]struct {
		body string
		id   int
		err  string
	}{
		"nothing before it":                  {`{"id":7}`, 7, ""},
		"a byte order mark":                  {"\ufeff\n{\"id\":7}\n", 7, ""},
		"a notice":                           {"<b>Notice</b>: {x} in [y]\n{\"id\":7}", 7, ""},
		"a notice that begins like a list":   {"[28-Nov-2026 22:00:00 UTC] PHP Notice: x\n{\"id\":7}", 7, ""},
		"a notice that begins with JSON":     {"{\"id\":1} is deprecated\n{\"id\":7}", 7, ""},
		"as many lines as are passed over":   {strings.Repeat(line, 99) + `{"id":7}`, 7, ""},
		"more lines than are passed over":    {strings.Repeat(line, 100) + `{"id":7}`, 0, "not JSON"},
		"JSON that goes over several lines":  {line + "{\n\"id\":\n7}", 7, ""},
		"the whole of it is of another type": {line + "{\"id\":\"7\",\n\"in\":\n{\"id\":8}}", 0, `"ID" has another type`},
		"words after it":                     {"{\"id\":7}\n<html>", 0, "not JSON"},
		"a web page":                         {"<html>\n<body>", 0, "not JSON"},
		"a number":                           {`7`, 0, "not JSON"},
		"null":                               {`null`, 0, "not JSON"},
		"nothing":                            {"", 0, "not JSON"},
		"it is cut off":                      {line + `{"id":7`, 0, "not JSON"},
	} {
		t.Run(name, func(t *testing.T) {
			var got struct{ ID int }
			err := rest.DecodeLoose([]byte(c.body), &got)
			if c.err != "" {
				require.EqualError(t, err, c.err)
				assert.Equal(t, c.err == "not JSON", errors.Is(err, rest.ErrNotJSON))
				return
			}
			require.NoError(t, err)
			assert.Equal(t, c.id, got.ID)
		})
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

// FuzzText: a text is what encoding/json reads, or the JSON itself.
func FuzzText(f *testing.F) {
	for _, s := range []string{`"a"`, `"\u00e4\""`, "\"\xff\"", `1.50`, `null`, `{"a":[]}`, `"\\"`, `""`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		if raw = bytes.TrimSpace(raw); !json.Valid(raw) {
			return
		}
		var got rest.Text
		require.NoError(t, json.Unmarshal(raw, &got))
		var s string
		switch err := json.Unmarshal(raw, &s); {
		case string(raw) == "null", string(raw) == "false", string(raw) == "[]", string(raw) == "{}":
			require.Empty(t, got)
		case err == nil:
			require.Equal(t, s, string(got))
		default:
			require.Equal(t, string(raw), string(got))
		}
	})
}
