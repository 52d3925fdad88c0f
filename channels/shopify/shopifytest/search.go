package shopifytest

import (
	"cmp"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"time"
)

// row is one thing in a list.
type row struct {
	id   int64
	at   time.Time // by which it is sorted, if by time
	show func() object
}

// mark says where a page ends: only for the same search and sort.
func mark(search string, r row) string {
	return base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "%s|%d|%d", search, r.at.Unix(), r.id))
}

// connection is a list in pages, sorted by time and id, that ends in an error
// behind so many rows.
func connection(search string, deep int, rows []row) resolver {
	return func(args map[string]any) any {
		first, ok := whole(args["first"])
		if !ok || first < 1 || first > 250 {
			return refusal{"BAD_REQUEST", "you must provide first, of at most 250"}
		}
		slices.SortStableFunc(rows, func(a, b row) int { return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.id, b.id)) })
		rest := rows
		if after, ok := args["after"].(string); ok {
			raw, err := base64.RawURLEncoding.DecodeString(after)
			place, same := strings.CutPrefix(string(raw), search+"|")
			var at, id int64
			if n, _ := fmt.Sscanf(place, "%d|%d", &at, &id); err != nil || !same || n != 2 {
				return refusal{"INVALID_CURSOR", "Invalid cursor for current pagination sort."}
			}
			end := row{id: id, at: time.Unix(at, 0)}
			i := slices.IndexFunc(rows, func(r row) bool { return cmp.Or(r.at.Compare(end.at), cmp.Compare(r.id, end.id)) > 0 })
			if rest = nil; i >= 0 {
				rest = rows[i:]
			}
		}
		page := rest[:min(first, len(rest))]
		if len(rows)-len(rest)+len(page) > deep {
			return refusal{"BAD_REQUEST", "the list is too deep"}
		}
		info := object{"__typename": "PageInfo", "hasNextPage": len(rest) > len(page), "hasPreviousPage": false, "endCursor": nil, "startCursor": nil}
		nodes := []object{}
		for _, r := range page {
			nodes = append(nodes, r.show())
			info["endCursor"] = mark(search, r)
		}
		return object{"nodes": nodes, "pageInfo": info}
	}
}

// nested is a list inside an object, in the order of its ids.
func nested(of string, objects []object) resolver {
	rows := make([]row, len(objects))
	for i, o := range objects {
		rows[i] = row{id: int64(i), show: func() object { return o }}
	}
	return connection(of, len(rows), rows)
}

// terms splits a search into its terms, joined by AND.
func terms(search string) []string {
	var out []string
	quoted := false
	for _, f := range strings.FieldsFunc(search, func(r rune) bool {
		if r == '\'' || r == '"' {
			quoted = !quoted
		}
		return r == ' ' && !quoted
	}) {
		if f != "AND" {
			out = append(out, f)
		}
	}
	return out
}

// matches reports whether something with these words and times is found. Terms
// that nobody knows are passed over, as Shopify does.
func matches(search string, words map[string]string, times map[string]time.Time) bool {
	for _, term := range terms(search) {
		name, value, _ := strings.Cut(term, ":")
		if at, ok := times[name]; ok && !compareTime(value, at) {
			return false
		}
		if have, ok := words[name]; ok && !slices.Contains(strings.Split(strings.ToLower(have), ","), strings.ToLower(strings.Trim(value, `'"`))) {
			return false
		}
		if not, ok := strings.CutSuffix(name, "_not"); ok && slices.Contains(strings.Split(words[not], ","), strings.Trim(value, `'"`)) {
			return false
		}
	}
	return true
}

// compareTime compares with a quoted instant; of an unquoted one only the day
// counts.
func compareTime(value string, at time.Time) bool {
	op := value[:len(value)-len(strings.TrimLeft(value, "<>="))]
	value = value[len(op):]
	exact := strings.HasPrefix(value, "'") || strings.HasPrefix(value, `"`)
	value = strings.Trim(value, `'"`)
	want, err := time.Parse(time.RFC3339, value)
	if !exact || err != nil {
		want, err = time.Parse(time.DateOnly, value[:min(10, len(value))])
		at = at.Truncate(24 * time.Hour)
	}
	if err != nil {
		return true // not a time: the term is passed over
	}
	switch op {
	case ">":
		return at.After(want)
	case ">=":
		return !at.Before(want)
	case "<":
		return at.Before(want)
	case "<=":
		return !at.After(want)
	}
	return at.Equal(want)
}
