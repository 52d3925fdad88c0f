package magentest

import (
	"cmp"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// criteria is a searchCriteria of the query.
type criteria struct {
	groups map[string]map[string]filter // alternatives inside, all outside
	sorts  map[string]sorting
	size   int
	page   int
}

type filter struct{ field, value, condition string }

type sorting struct{ field, direction string }

var (
	filterParam = regexp.MustCompile(`^searchCriteria\[(?:filter_groups|filterGroups)\]\[(\d+)\]\[filters\]\[(\d+)\]\[(\w+)\]$`)
	sortParam   = regexp.MustCompile(`^searchCriteria\[(?:sortOrders|sort_orders)\]\[(\d+)\]\[(\w+)\]$`)
)

// criteria reads the query; without any Magento refuses.
func (c *call) criteria() (criteria, bool) {
	out := criteria{groups: map[string]map[string]filter{}, sorts: map[string]sorting{}, page: 1}
	query := c.r.URL.Query()
	any := query.Has("searchCriteria")
	for name, values := range query {
		value := values[len(values)-1]
		any = any || strings.HasPrefix(name, "searchCriteria[")
		if m := filterParam.FindStringSubmatch(name); m != nil {
			group := out.groups[m[1]]
			if group == nil {
				group = map[string]filter{}
				out.groups[m[1]] = group
			}
			f := group[m[2]]
			switch m[3] {
			case "field":
				f.field = value
			case "value":
				f.value = value
			case "condition_type", "conditionType":
				f.condition = value
			}
			group[m[2]] = f
		}
		if m := sortParam.FindStringSubmatch(name); m != nil {
			s := out.sorts[m[1]]
			switch m[2] {
			case "field":
				s.field = value
			case "direction":
				s.direction = value
			}
			out.sorts[m[1]] = s
		}
	}
	out.size = firstNumber(query, "searchCriteria[pageSize]", "searchCriteria[page_size]")
	out.page = max(1, firstNumber(query, "searchCriteria[currentPage]", "searchCriteria[current_page]"))
	switch {
	case !any:
		c.refuse(refusal(http.StatusBadRequest, `"%fieldName" is required. Enter and try again.`, map[string]string{"fieldName": "searchCriteria"}))
	case c.cfg.MostPerPage > 0 && out.size > c.cfg.MostPerPage:
		c.refuse(refusal(http.StatusBadRequest, "Maximum SearchCriteria pageSize is %max", map[string]int{"max": c.cfg.MostPerPage}))
	default:
		return out, true
	}
	return out, false
}

func firstNumber(q url.Values, names ...string) int {
	for _, name := range names {
		if n, err := strconv.Atoi(q.Get(name)); err == nil {
			return n
		}
	}
	return 0
}

// row is an entry of a list: its columns as text, and what is answered.
type row struct {
	columns map[string]string
	entity  func() object
}

// search answers a list. Without a page size it is everything; rows that the
// sorting does not tell apart come in another order every time.
func (c *call) search(rows []row) {
	q, ok := c.criteria()
	if !ok {
		return
	}
	for _, group := range q.groups {
		for _, f := range group {
			if len(rows) > 0 {
				if _, known := rows[0].columns[f.field]; !known {
					c.refuse(refusal(http.StatusInternalServerError, "Internal Error. Details are available in Magento log file. Report ID: webapi-1", nil))
					return
				}
			}
		}
		rows = slices.DeleteFunc(rows, func(r row) bool {
			for _, f := range group {
				if f.holds(r.columns[f.field]) {
					return false
				}
			}
			return true
		})
	}
	c.chance.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
	slices.SortStableFunc(rows, q.compare)
	total, items := len(rows), []object{}
	for _, r := range q.cut(rows, c.cfg.Version) {
		items = append(items, r.entity())
	}
	c.json(http.StatusOK, object{"items": items, "total_count": total,
		"search_criteria": object{"filter_groups": []any{}, "page_size": q.size, "current_page": q.page}})
}

// cut takes one page.
func (q criteria) cut(rows []row, v Version) []row {
	if q.size <= 0 {
		return rows
	}
	page := q.page
	if last := max(1, (len(rows)+q.size-1)/q.size); v == V23 && page > last {
		page = last
	}
	from := min((page-1)*q.size, len(rows))
	return rows[from:min(from+q.size, len(rows))]
}

func (q criteria) compare(a, b row) int {
	for i := range len(q.sorts) {
		s := q.sorts[strconv.Itoa(i)]
		n := values(a.columns[s.field], b.columns[s.field])
		if !strings.EqualFold(s.direction, "ASC") { // descending unless told
			n = -n
		}
		if n != 0 {
			return n
		}
	}
	return 0
}

// values compares whole numbers by value and everything else as text.
func values(a, b string) int {
	if a != "" && b != "" && digits(a) == len(a) && digits(b) == len(b) {
		return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
	}
	return cmp.Compare(a, b)
}

func (f filter) holds(value string) bool {
	switch n := values(value, f.value); f.condition {
	case "", "eq":
		return n == 0
	case "neq":
		return n != 0
	case "gt":
		return n > 0
	case "gteq", "moreq", "from":
		return n >= 0
	case "lt":
		return n < 0
	case "lteq", "to":
		return n <= 0
	case "in":
		return slices.Contains(strings.Split(f.value, ","), value)
	case "nin":
		return !slices.Contains(strings.Split(f.value, ","), value)
	case "like":
		return strings.EqualFold(strings.Trim(f.value, "%"), value)
	case "null":
		return value == ""
	case "notnull":
		return value != ""
	}
	return false
}
