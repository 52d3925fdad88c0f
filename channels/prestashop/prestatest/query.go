package prestatest

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// get answers with a list or with one row. One that is not there is 404 with
// nothing in it.
func (c *call) get(t *table) {
	if c.id != 0 {
		r, ok := t.rows[c.id]
		if !ok {
			c.plain(http.StatusNotFound, "")
			return
		}
		c.show(http.StatusOK, t, []map[string]any{c.render(t, r, nil)}, !c.query.Has("display"))
		return
	}
	rows, ok := c.list(t)
	fields, fine := c.display(t, ok)
	if !ok || !fine {
		return
	}
	out := make([]map[string]any, 0, len(rows))
	for _, r := range rows {
		out = append(out, c.render(t, r, fields))
	}
	c.show(http.StatusOK, t, out, false)
}

// list filters, sorts and cuts.
func (c *call) list(t *table) ([]row, bool) {
	rows := t.sorted()
	if t.name == "orders" {
		rows = slices.DeleteFunc(rows, func(r row) bool { return !c.shows(r.num("id_shop")) })
	}
	for name, values := range c.query {
		field, ok := strings.CutPrefix(name, "filter[")
		if !ok {
			continue
		}
		field = strings.TrimSuffix(field, "]")
		switch {
		case !c.usable(t, field):
			c.refuse(http.StatusBadRequest, 32, "This filter does not exist. Did you mean: \"id\"?")
			return nil, false
		case slices.Contains(t.dynamic, field):
			c.refuse(http.StatusBadRequest, 34, "The field \""+field+"\" is dynamic.")
			return nil, false
		case values[0] == "":
			c.refuse(http.StatusBadRequest, 33, "The filter \""+field+"\" is malformed.")
			return nil, false
		}
		rows = slices.DeleteFunc(rows, func(r row) bool { return !matches(r.text(field), values[0]) })
	}
	if !c.order(t, rows) {
		return nil, false
	}
	return c.limit(rows)
}

// shows reports whether a call may see the orders of a shop.
func (c *call) shows(shop int) bool {
	return slices.ContainsFunc(c.shops, func(id int) bool {
		return id == shop || c.cfg.SharesOrders && c.cfg.Groups[id] == c.cfg.Groups[shop]
	})
}

// usable: dates only with date=1.
func (c *call) usable(t *table, field string) bool {
	if field == "date_add" || field == "date_upd" {
		return t.has(field) && c.query.Get("date") == "1"
	}
	return t.has(field)
}

// matches reads an operator: [v], [a|b], [a,b], >[v], <[v], ![v], %[v]%.
func matches(have, filter string) bool {
	open, end := strings.Index(filter, "["), strings.LastIndex(filter, "]")
	if open < 0 || end < open {
		return have == filter
	}
	operator, value := filter[:open], filter[open+1:end]
	switch {
	case operator == ">":
		return compare(have, value) > 0
	case operator == "<":
		return compare(have, value) < 0
	case operator == "!":
		return have != value
	case operator == "%" || strings.HasSuffix(filter, "%"):
		return strings.Contains(have, value)
	case strings.Contains(value, "|"):
		return slices.Contains(strings.Split(value, "|"), have)
	}
	if from, to, between := strings.Cut(value, ","); between {
		return compare(have, from) >= 0 && compare(have, to) <= 0
	}
	return have == value
}

func compare(a, b string) int {
	m, err := strconv.Atoi(a)
	n, err2 := strconv.Atoi(b)
	if err == nil && err2 == nil {
		return cmp.Compare(m, n)
	}
	return cmp.Compare(a, b)
}

// order sorts by [a_ASC,b_DESC]; equal rows stay by id.
func (c *call) order(t *table, rows []row) bool {
	asked := strings.Trim(c.query.Get("sort"), "[]")
	if asked == "" {
		return true
	}
	keys := strings.Split(asked, ",")
	slices.Reverse(keys)
	for _, key := range keys {
		at := strings.LastIndex(key, "_")
		if at < 0 || key[at:] != "_ASC" && key[at:] != "_DESC" {
			c.refuse(http.StatusBadRequest, 37, "The \"sort\" value has to be formed as this example: \"field_ASC\"")
			return false
		}
		field, down := key[:at], key[at:] == "_DESC"
		if !c.usable(t, field) || slices.Contains(t.dynamic, field) {
			c.refuse(http.StatusBadRequest, 38, "Unable to filter by this field.")
			return false
		}
		slices.SortStableFunc(rows, func(a, b row) int {
			if down {
				a, b = b, a
			}
			return compare(a.text(field), b.text(field))
		})
	}
	return true
}

// limit is "count" or "offset,count"; there is no total.
func (c *call) limit(rows []row) ([]row, bool) {
	asked := c.query.Get("limit")
	if asked == "" {
		return rows, true
	}
	first, second, two := strings.Cut(asked, ",")
	if strings.Contains(second, ",") {
		c.refuse(http.StatusBadRequest, 39, "The \"limit\" value has to be formed as this example: \"5,25\" or \"10\"")
		return nil, false
	}
	offset, count := 0, first
	if two {
		offset, _ = strconv.Atoi(first)
		count = second
	}
	n, _ := strconv.Atoi(count)
	if c.cfg.MostRows > 0 {
		n = min(n, c.cfg.MostRows)
	}
	rows = rows[min(offset, len(rows)):]
	return rows[:min(n, len(rows))], true
}

// display returns the fields to show: nil = all, ids alone without one.
func (c *call) display(t *table, ok bool) ([]string, bool) {
	asked := c.query.Get("display")
	switch {
	case !ok:
		return nil, false
	case asked == "full":
		return nil, true
	case asked == "":
		return []string{"id"}, true
	case !strings.HasPrefix(asked, "["):
		c.refuse(http.StatusBadRequest, 36, "The 'display' syntax is wrong.")
		return nil, false
	}
	fields := strings.Split(strings.Trim(asked, "[]"), ",")
	for _, f := range fields {
		if !t.has(f) {
			c.refuse(http.StatusBadRequest, 35, "Unable to display this field \""+f+"\".")
			return nil, false
		}
	}
	return fields, true
}
