package channeltest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/openmip/openmip/mip"
)

// differ returns an error that lists every field in which got is not want.
// Defects, raw payload, the pieces shipped, which grow by what was told, and,
// where want has none, times are left out.
func differ(want, got mip.Facts) error {
	if want.UpdatedAt.IsZero() {
		got.UpdatedAt = want.UpdatedAt
	}
	if want.CreatedAt.IsZero() {
		got.CreatedAt = want.CreatedAt
	}
	one, other := encode(want), encode(got)
	if bytes.Equal(one, other) {
		return nil
	}
	a, b := fields(one), fields(other)
	all := maps.Clone(a)
	maps.Copy(all, b)
	var out []string
	for _, path := range slices.Sorted(maps.Keys(all)) {
		if a[path] != b[path] {
			out = append(out, fmt.Sprintf("%s: want %s, got %s", path, short(a[path]), short(b[path])))
		}
	}
	if len(out) == 0 {
		return nil
	}
	return fmt.Errorf("order %s does not arrive as it is in the shop:\n\t%s", want.Ref, strings.Join(out, "\n\t"))
}

func encode(f mip.Facts) []byte {
	f = cloneFacts(f)
	f.Defects, f.Raw = nil, nil
	for i := range f.Lines {
		f.Lines[i].Shipped = 0
	}
	b, err := json.Marshal(f)
	if err != nil {
		panic(err) // texts, numbers and times only
	}
	return b
}

// fields spreads facts into one text per field path.
func fields(b []byte) map[string]string {
	var tree any
	if err := json.Unmarshal(b, &tree); err != nil {
		panic(err)
	}
	out := map[string]string{}
	spread(out, "", tree)
	return out
}

func spread(out map[string]string, path string, v any) {
	switch v := v.(type) {
	case map[string]any:
		for k, e := range v {
			spread(out, strings.TrimPrefix(path+"."+k, "."), e)
		}
	case []any:
		for i, e := range v {
			spread(out, path+"["+strconv.Itoa(i)+"]", e)
		}
	case nil:
	default:
		out[path] = fmt.Sprint(v)
	}
}

// short quotes a text, cut in the middle where it is long.
func short(s string) string {
	if s == "" {
		return "nothing"
	}
	if r := []rune(s); len(r) > 120 {
		return fmt.Sprintf("%q … %q (%d bytes)", string(r[:40]), string(r[len(r)-40:]), len(s))
	}
	return strconv.Quote(s)
}

// same reports in which orders got is not want, by id; others in got are
// ignored.
func same(want, got map[string]mip.Facts) error {
	var missing []string
	var errs []error
	for _, id := range slices.Sorted(maps.Keys(want)) {
		f, ok := got[id]
		if !ok {
			missing = append(missing, id)
		} else if err := differ(want[id], f); err != nil && len(errs) < 3 {
			errs = append(errs, err)
		}
	}
	if n := len(missing); n > 0 {
		errs = append(errs, fmt.Errorf("%d of %d orders never arrive, such as %v", n, len(want), missing[:min(n, 5)]))
	}
	return errors.Join(errs...)
}
