package bigbuytest

import (
	"encoding/json"
	"strconv"
)

// scalar is a value as text: forms take numbers and flags for text.
func scalar(v any) (string, bool) {
	switch v := v.(type) {
	case nil:
		return "", true
	case string:
		return v, true
	case json.Number:
		return v.String(), true
	case bool:
		return strconv.FormatBool(v), true
	}
	return "", false
}

// object is a decoded JSON object.
type object map[string]any

func (o object) text(name string) string {
	s, _ := scalar(o[name])
	return s
}

func (o object) count(name string) int {
	n, _ := strconv.Atoi(o.text(name)) // the form has judged it
	return n
}

func (o object) object(name string) object {
	inner, _ := o[name].(object)
	return inner
}

func (o object) objects(name string) []object {
	list, _ := o[name].([]any)
	var out []object
	for _, e := range list {
		if inner, isObject := e.(object); isObject {
			out = append(out, inner)
		}
	}
	return out
}

// form reads a body whose only object has the form's name, and validates it.
// bad is the answer to a body that does not pass.
func (s *Server) form(body []byte, f field) (o object, bad *reply) {
	v, err := decode(body)
	outer, isObject := objects(v).(object)
	if err != nil || !isObject || outer[f.name] == nil {
		r := badRequest()
		return nil, &r
	}
	n := f.judge(outer[f.name])
	if n.bad() {
		r := n.reply(s.sw)
		return nil, &r
	}
	return outer.object(f.name), nil
}

// objects gives every JSON object in v the type object.
func objects(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k := range v {
			v[k] = objects(v[k])
		}
		return object(v)
	case []any:
		for i := range v {
			v[i] = objects(v[i])
		}
	}
	return v
}
