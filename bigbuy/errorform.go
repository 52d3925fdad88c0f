package bigbuy

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// maxDepth bounds the walk through a form; BigBuy's has four levels.
const maxDepth = 16

// validation reads the messages of a refused form: from the tree, from the
// old list of {code, message}, or from the text dump in the message.
func (e *Error) validation(errors json.RawMessage, message string) {
	var walk func(path string, node json.RawMessage, depth int)
	add := func(path, message string) {
		e.Fields = append(e.Fields, FieldError{path, excerpt(message)})
	}
	walk = func(path string, node json.RawMessage, depth int) {
		var leaf struct {
			Errors   List[Text]      `json:"errors"`
			Children json.RawMessage `json:"children"`
		}
		if void(node) || depth > maxDepth || json.Unmarshal(node, &leaf) != nil {
			return
		}
		for _, m := range leaf.Errors {
			add(path, string(m))
		}
		for _, child := range children(leaf.Children) {
			walk(join(path, child.name), child.node, depth+1)
		}
	}
	if !void(errors) && errors[0] == '{' {
		walk("", errors, 0)
	}
	if len(e.Fields) == 0 {
		for path, m := range dump(message) {
			add(path, m)
		}
	}
	if len(e.Fields) > 0 && e.form == formGeneric {
		e.form = formFields
	}
	e.listed(errors)
}

// listed reads {"errors":[{"code":34,"message":"…"}]}; the first one speaks.
func (e *Error) listed(errors json.RawMessage) {
	var list List[struct {
		Code    Text `json:"code"`
		Message Text `json:"message"`
	}]
	if void(errors) || errors[0] != '[' || json.Unmarshal(errors, &list) != nil || len(list) == 0 {
		return
	}
	if e.Message == "" {
		e.Message = excerpt(string(list[0].Message))
	}
	if e.Code == "" && e.form == formGeneric {
		e.Code = string(list[0].Code)
		if er := erCode(e.Code); er != "" {
			e.form, e.Code = formCode, er
		}
	}
}

type child struct {
	name string
	node json.RawMessage
}

// children returns the members of an object by name, or of a list by number.
func children(raw json.RawMessage) []child {
	if void(raw) {
		return nil
	}
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) == nil {
		out := make([]child, len(list))
		for i, n := range list {
			out[i] = child{strconv.Itoa(i), n}
		}
		return out
	}
	var object map[string]json.RawMessage
	if json.Unmarshal(raw, &object) != nil {
		return nil
	}
	var out []child
	for _, name := range slices.Sorted(maps.Keys(object)) {
		out = append(out, child{name, object[name]})
	}
	return out
}

// dump reads the indented text form:
//
//	shippingAddress:
//	    address:
//	        ERROR: This value is too long. …
func dump(message string) func(yield func(path, message string) bool) {
	return func(yield func(string, string) bool) {
		var names []string
		var depths []int
		for line := range strings.Lines(message) {
			text := strings.TrimSpace(line)
			depth := len(line) - len(strings.TrimLeft(line, " \t"))
			for len(depths) > 0 && depths[len(depths)-1] >= depth {
				names, depths = names[:len(names)-1], depths[:len(depths)-1]
			}
			if said, ok := strings.CutPrefix(text, "ERROR:"); ok {
				if !yield(strings.Join(names, "."), strings.TrimSpace(said)) {
					return
				}
			} else if name, ok := strings.CutSuffix(text, ":"); ok && len(names) < maxDepth {
				names, depths = append(names, name), append(depths, depth)
			}
		}
	}
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}
