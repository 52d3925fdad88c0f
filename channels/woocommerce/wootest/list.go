package wootest

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// builtinStatuses are WooCommerce's own, with checkout drafts.
var builtinStatuses = []string{"pending", "processing", "on-hold", "completed", "cancelled", "refunded", "failed", "checkout-draft"}

// statuses are all that the site knows: the built-in ones, those of plugins,
// and those of plugins that only left their orders.
func (s *Server) statuses() []string {
	out := append(slices.Clone(builtinStatuses), s.cfg.Statuses...)
	for _, o := range s.orders {
		if o.Status != "trash" && !slices.Contains(out, o.Status) {
			out = append(out, o.Status)
		}
	}
	return out
}

// listing is one parsed GET /orders.
type listing struct {
	statuses           []string
	orderBy            string
	ascending          bool
	page, perPage, dp  int
	offset             int
	include, exclude   []int64
	customer           int64
	search, createdVia string
	dates              []dateFilter
	nothing            bool
}

func (c *call) listOrders() {
	l, e := c.parseListing()
	if e != nil {
		c.refuse(e)
		return
	}
	found := []*Order{}
	for _, o := range c.orders {
		if l.matches(o) {
			found = append(found, o)
		}
	}
	c.sort(found, l)
	from := (l.page - 1) * l.perPage
	if l.offset > 0 {
		from = l.offset
	}
	from = min(from, len(found))
	rows := []object{}
	for _, o := range found[from:min(from+l.perPage, len(found))] {
		rows = append(rows, c.fields(c.render(o, l.dp)))
	}
	c.paging(l, len(found), len(rows))
	c.json(http.StatusOK, rows)
}

func (c *call) parseListing() (listing, *apiError) {
	l := listing{orderBy: "date", page: 1, perPage: 10, dp: -1}
	var e *apiError
	if l.statuses, e = c.statusFilter(); e != nil {
		return l, e
	}
	for _, p := range []struct {
		name     string
		low, top int
		into     *int
	}{{"page", 1, 1 << 30, &l.page}, {"per_page", 1, 100, &l.perPage}, {"offset", 0, 1 << 30, &l.offset}, {"dp", 0, 8, &l.dp}} {
		if !c.query.Has(p.name) {
			continue
		}
		n, err := strconv.Atoi(c.query.Get(p.name))
		if err != nil || n < p.low || n > p.top {
			return l, invalidParam(p.name)
		}
		*p.into = n
	}
	if c.query.Has("orderby") {
		l.orderBy = c.query.Get("orderby")
	}
	if !slices.Contains([]string{"date", "id", "include", "title", "slug", "modified"}, l.orderBy) {
		return l, invalidParam("orderby")
	}
	order := c.query.Get("order")
	if !slices.Contains([]string{"", "asc", "desc"}, order) {
		return l, invalidParam("order")
	}
	l.ascending = order == "asc"
	l.search, l.createdVia = c.query.Get("search"), c.query.Get("created_via")
	for _, p := range []struct {
		name string
		into *[]int64
	}{{"include", &l.include}, {"exclude", &l.exclude}} {
		if *p.into, e = c.ids(p.name); e != nil {
			return l, e
		}
	}
	if who, e := c.ids("customer"); e != nil {
		return l, e
	} else if len(who) > 0 {
		l.customer = who[0]
	}
	l.dates, l.nothing, e = c.dateFilters()
	return l, e
}

// values of a list parameter: comma separated, repeated, or PHP's name[].
func (c *call) values(name string) []string {
	var out []string
	for _, v := range slices.Concat(c.query[name], c.query[name+"[]"]) {
		for part := range strings.SplitSeq(v, ",") {
			if part = strings.TrimSpace(part); part != "" {
				out = append(out, part)
			}
		}
	}
	return out
}

func (c *call) ids(name string) ([]int64, *apiError) {
	var out []int64
	for _, v := range c.values(name) {
		n, err := strconv.ParseInt(v, 10, 64)
		if err != nil {
			return nil, invalidParam(name)
		}
		out = append(out, n)
	}
	return out, nil
}

func (c *call) statusFilter() ([]string, *apiError) {
	wanted := c.values("status")
	if len(wanted) == 0 {
		wanted = []string{"any"}
	}
	var out []string
	for _, w := range wanted {
		switch {
		case w == "any":
			out = append(out, slices.DeleteFunc(c.statuses(), func(s string) bool { return s == "checkout-draft" })...)
		case w == "trash" || slices.Contains(c.statuses(), w):
			out = append(out, w)
		default:
			return nil, invalidParam("status")
		}
	}
	return out, nil
}

func (l listing) matches(o *Order) bool {
	if l.nothing || !slices.Contains(l.statuses, o.Status) ||
		len(l.include) > 0 && !slices.Contains(l.include, o.ID) || slices.Contains(l.exclude, o.ID) ||
		l.customer != 0 && o.CustomerID != l.customer || l.createdVia != "" && l.createdVia != "checkout" {
		return false
	}
	if l.search != "" && !strings.Contains(strings.Join([]string{strconv.FormatInt(o.ID, 10), o.Billing.LastName, o.Billing.Email}, " "), l.search) {
		return false
	}
	return !slices.ContainsFunc(l.dates, func(d dateFilter) bool { return !d.passes(o) })
}

// sort orders the rows. Ties of orderby=modified come in a new random order
// on every request, as the database gives them; everything else is stable.
func (c *call) sort(rows []*Order, l listing) {
	slices.SortFunc(rows, func(a, b *Order) int { return cmp.Compare(a.ID, b.ID) })
	var by func(a, b *Order) int
	switch l.orderBy {
	case "modified":
		c.chance.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
		by = func(a, b *Order) int { return a.Modified.Compare(b.Modified) }
	case "date":
		by = func(a, b *Order) int { return cmp.Or(a.Created.Compare(b.Created), cmp.Compare(a.ID, b.ID)) }
	case "include":
		slices.SortStableFunc(rows, func(a, b *Order) int {
			return cmp.Compare(slices.Index(l.include, a.ID), slices.Index(l.include, b.ID))
		})
		return
	default:
		by = func(a, b *Order) int { return cmp.Compare(a.ID, b.ID) }
	}
	slices.SortStableFunc(rows, func(a, b *Order) int {
		if l.ascending {
			return by(a, b)
		}
		return by(b, a)
	})
}

// paging writes the headers. Past the end there are no pages at all, and the
// total is right or nought: nobody has pinned it, so it is drawn.
func (c *call) paging(l listing, total, rows int) {
	pages := (total + l.perPage - 1) / l.perPage
	if rows == 0 {
		pages = 0
		if total > 0 && c.chance.IntN(2) == 0 {
			total = 0
		}
	}
	c.header.Set("X-WP-Total", strconv.Itoa(total))
	c.header.Set("X-WP-TotalPages", strconv.Itoa(pages))
	var links []string
	link := func(page int, rel string) {
		q := c.query
		u := url.URL{Path: c.r.URL.Path}
		next := url.Values{}
		for k, v := range q {
			if !strings.HasPrefix(k, "oauth_") {
				next[k] = v
			}
		}
		next.Set("page", strconv.Itoa(page))
		u.RawQuery = next.Encode()
		links = append(links, fmt.Sprintf("<%s%s>; rel=%q", c.home(), u.RequestURI(), rel))
	}
	if l.page > 1 {
		link(min(l.page-1, max(pages, 1)), "prev")
	}
	if l.page < pages {
		link(l.page+1, "next")
	}
	if len(links) > 0 {
		c.header.Set("Link", strings.Join(links, ", "))
	}
}

// fields keeps what _fields asks for.
func (c *call) fields(o object) object {
	wanted := c.values("_fields")
	if len(wanted) == 0 {
		return o
	}
	out := object{}
	for _, w := range wanted {
		w, _, _ = strings.Cut(w, ".")
		if v, ok := o[w]; ok {
			out[w] = v
		}
	}
	return out
}
