package channeltest

import (
	"bytes"
	"encoding/json"
)

// grow adds a field that nobody knows to every object in a JSON text; any other
// text stays as it is.
func grow(text []byte) []byte {
	var tree any
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	if dec.Decode(&tree) != nil {
		return text
	}
	more(tree)
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if enc.Encode(tree) != nil {
		return text
	}
	return out.Bytes()
}

func more(tree any) {
	switch v := tree.(type) {
	case map[string]any:
		for _, inner := range v {
			more(inner)
		}
		v["added_by_an_update"] = map[string]any{"of": []any{"a", 1, nil, true}}
	case []any:
		for _, inner := range v {
			more(inner)
		}
	}
}
