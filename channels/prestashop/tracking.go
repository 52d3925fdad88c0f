package prestashop

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/openmip/openmip/mip"
)

const (
	// maxTracking is how long the field is, in characters.
	maxTracking = 64
	// allowed are the characters that it takes besides letters and digits of
	// ASCII.
	allowed = "~:#,%&_=()[].? +-@/"
	between = ", "
)

// slot is one row of order_carriers: the tracking field of an order and a
// carrier.
type slot struct {
	row     row
	numbers []string
	changed bool
	told    bool // a number was added
}

// tokens are the numbers in a field.
func tokens(field string) []string {
	var out []string
	for n := range strings.SplitSeq(field, ",") {
		if n = strings.TrimSpace(n); n != "" {
			out = append(out, n)
		}
	}
	return out
}

// show makes the shop show the parcels' numbers, each once, and take away those
// that were corrected. mail asks the shop to tell its customer.
func (s *Shop) show(ctx context.Context, o *target, parcels []mip.Parcel, mail bool) error {
	if len(parcels) == 0 || s.config.NoTracking {
		return nil
	}
	current := map[string]bool{}
	for _, p := range parcels {
		if !writable(p.Number) {
			return &mip.Error{Op: "prestashop: report", Kind: mip.ErrInvalid, Err: errors.New("a tracking number that PrestaShop does not take")}
		}
		for _, n := range tokens(p.Number) {
			current[n] = true
		}
	}
	slots, err := s.slotsOf(ctx, o)
	if err != nil {
		return err
	}
	m, err := s.readMemo(ctx, o)
	if err != nil {
		return err
	}
	carriers, err := s.carriers(ctx)
	if err != nil {
		return err
	}
	for _, p := range parcels { // what was told of it before and is wrong now, or in another carrier's row
		carrier, numbers := s.carrierOf(o, carriers, slots, p), tokens(p.Number)
		for _, sl := range slots {
			elsewhere := carrier != "" && sl.row["id_carrier"] != carrier
			sl.remove(func(n string) bool {
				return slices.Contains(m.told[p.ID], n) && (!current[n] || elsewhere && slices.Contains(numbers, n))
			})
		}
	}
	missing := slices.DeleteFunc(slices.Clone(parcels), func(p mip.Parcel) bool { return shown(slots, p) })
	if len(missing) > 0 {
		if err := s.remember(ctx, o, m, missing); err != nil {
			return err
		}
		if slots, err = s.place(o, carriers, slots, missing); err != nil {
			return err
		}
	}
	for _, sl := range slots {
		if !sl.changed {
			continue
		}
		sl.row["tracking_number"] = text(strings.Join(sl.numbers, between))
		if err := s.save(ctx, "order_carriers", "order_carrier", sl.row, mail && sl.told); err != nil {
			return err
		}
	}
	return nil
}

func writable(number string) bool {
	return len(number) <= maxTracking && len(tokens(number)) > 0 && !strings.ContainsFunc(number, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune(allowed, r)
	})
}

// slotsOf reads the order's rows of order_carriers, oldest first.
func (s *Shop) slotsOf(ctx context.Context, o *target) ([]*slot, error) {
	have, err := s.lookup(ctx, "order_carriers", "id_order", []text{o.row["id"]})
	if err != nil {
		return nil, err
	}
	var out []*slot
	for _, shown := range have[o.id()] {
		r := shown.V
		if !isID(string(r["id"])) {
			return nil, &mip.Error{Op: "prestashop: read tracking", Kind: mip.ErrContract, Err: errors.New("a row has no id")}
		}
		out = append(out, &slot{row: r, numbers: tokens(string(r["tracking_number"]))})
	}
	return out, nil
}

func (sl *slot) remove(which func(string) bool) {
	before := len(sl.numbers)
	sl.numbers = slices.DeleteFunc(sl.numbers, which)
	sl.changed = sl.changed || len(sl.numbers) != before
}

func shown(slots []*slot, p mip.Parcel) bool {
	for _, n := range tokens(p.Number) {
		if !slices.ContainsFunc(slots, func(sl *slot) bool { return slices.Contains(sl.numbers, n) }) {
			return false
		}
	}
	return true
}

// carrierOf returns the carrier in whose row a parcel's number belongs: the one
// with its carrier's name, else the order's own; empty = in any, since the order
// has no row of its own carrier.
func (s *Shop) carrierOf(o *target, carriers map[string]text, slots []*slot, p mip.Parcel) text {
	if id := carriers[strings.ToLower(s.carrier(p))]; id != "" {
		return id
	}
	own := o.row["id_carrier"]
	if len(slots) == 0 || slices.ContainsFunc(slots, func(sl *slot) bool { return sl.row["id_carrier"] == own }) {
		return own
	}
	return ""
}

// place finds room for parcels: in the newest row of their carrier, else in a
// new one.
func (s *Shop) place(o *target, carriers map[string]text, slots []*slot, parcels []mip.Parcel) ([]*slot, error) {
	for _, p := range parcels {
		if shown(slots, p) {
			continue // two parcels under one number
		}
		carrier, at := s.carrierOf(o, carriers, slots, p), -1
		for i, sl := range slots {
			if (carrier == "" || sl.row["id_carrier"] == carrier) && sl.room(p.Number) {
				at = i
			}
		}
		if at < 0 {
			if carrier == "" {
				carrier = o.row["id_carrier"]
			}
			if !isID(string(carrier)) {
				return nil, refused("the order has no carrier")
			}
			at = len(slots)
			slots = append(slots, &slot{row: row{"id_order": o.row["id"], "id_carrier": carrier,
				"weight": "0", "shipping_cost_tax_excl": "0", "shipping_cost_tax_incl": "0"}})
		}
		slots[at].numbers = append(slots[at].numbers, tokens(p.Number)...)
		slots[at].changed, slots[at].told = true, true
	}
	return slots, nil
}

func (sl *slot) room(number string) bool {
	return len(strings.Join(append(slices.Clone(sl.numbers), tokens(number)...), between)) <= maxTracking
}

// carriers returns the ids of the shop's carriers by name in lower case, the
// newest one's where several have a name.
func (s *Shop) carriers(ctx context.Context) (map[string]text, error) {
	rows, err := s.list(ctx, "carriers", query{"filter[deleted]": "[0]", "display": "[id,name]", "sort": "[id_ASC]"})
	if err != nil {
		return nil, err
	}
	out := map[string]text{}
	for _, r := range rows {
		out[strings.ToLower(string(r.V["name"]))] = r.V["id"]
	}
	return out, nil
}

// carrier is the shop's name for a parcel's carrier.
func (s *Shop) carrier(p mip.Parcel) string {
	if s.config.Carrier != nil {
		if name := s.config.Carrier(p.Carrier); name != "" {
			return name
		}
	}
	return p.Carrier
}
