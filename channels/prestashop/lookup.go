package prestashop

import (
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/openmip/openmip/mip/rest"
)

// batch is how many ids one look-up names, and how many orders a page has.
const batch = 100

// cache keeps rows that never change under their id: the shop gives a carrier
// a new id with every edit. Safe for concurrent use.
type cache struct {
	mu   sync.Mutex
	rows map[string]row // by resource and id
}

// most is where the cache begins anew; no shop has so many.
const most = 20_000

func (c *cache) get(key string) (row, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	r, ok := c.rows[key]
	return r, ok
}

func (c *cache) put(key string, r row) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.rows == nil || len(c.rows) >= most {
		c.rows = map[string]row{}
	}
	c.rows[key] = r
}

// found is what a look-up brought, by the value asked for.
type found map[string]rest.Rows[row]

// row returns the only row, nil if there is none.
func (f found) row(value text) row {
	if rows := f[string(value)]; len(rows) > 0 {
		return rows[0].V
	}
	return nil
}

// lookup reads the rows of a resource whose field has one of the values, a
// hundred values at a time, in the order of their ids.
func (s *Shop) lookup(ctx context.Context, resource, field string, values []text) (found, error) {
	out := found{}
	for some := range slices.Chunk(ids(values), batch) {
		q := query{"filter[" + field + "]": "[" + strings.Join(some, "|") + "]", "display": "full", "sort": "[id_ASC]"}
		rows, err := s.list(ctx, resource, q)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			value := string(r.V[field])
			out[value] = append(out[value], r)
		}
	}
	return out, nil
}

// constants is lookup by id for rows that never change.
func (s *Shop) constants(ctx context.Context, resource string, values []text) (map[text]row, error) {
	out := map[text]row{}
	var missing []text
	for _, v := range values {
		r, ok := s.cache.get(resource + "/" + string(v))
		if out[v] = r; !ok {
			missing = append(missing, v)
		}
	}
	got, err := s.lookup(ctx, resource, "id", missing)
	if err != nil {
		return nil, err
	}
	for id := range got {
		out[text(id)] = got.row(text(id))
		s.cache.put(resource+"/"+id, out[text(id)])
	}
	return out, nil
}

// ids returns those of the values that are ids, each once, sorted.
func ids(values []text) []string {
	var out []string
	for _, v := range values {
		if isID(string(v)) {
			out = append(out, string(v))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// column returns one field of many rows.
func column(rows []row, field string) []text {
	out := make([]text, len(rows))
	for i, r := range rows {
		out[i] = r[field]
	}
	return out
}
