package mip

import "slices"

// mergeParcels takes over what is told of parcels. None gets lost because it
// is not told of any more.
func mergeParcels(have, told []Parcel) ([]Parcel, bool) {
	news := false
	out := slices.Clone(have)
	for _, t := range told {
		i, other := same(out, told, t)
		switch {
		case i < 0:
			if other {
				t.ID += "-" + t.Number
			}
			out = append(out, t)
			news = true
		case t.UpdatedAt.Before(out[i].UpdatedAt):
		case out[i].Number != t.Number || out[i].Carrier != t.Carrier || out[i].URL != t.URL || out[i].Status != t.Status:
			if t.Number == "" {
				t.Number = out[i].Number
			}
			t.ID = out[i].ID
			out[i] = t
			news = true
		}
	}
	return out, news
}

// same returns which of the parcels in have t is, -1 if it is none of them.
// Suppliers number parcels as they list them, and may list them in another
// order: what has a number keeps its id while the number is told, under
// whatever id. Only a number that is gone was corrected. other: t's id is
// another one's.
func same(have, told []Parcel, t Parcel) (i int, other bool) {
	listed := func(id, number string) bool {
		return slices.ContainsFunc(told, func(p Parcel) bool { return p.Number == number && (id == "" || p.ID == id) })
	}
	i = slices.IndexFunc(have, func(p Parcel) bool { return p.ID == t.ID })
	if t.Number == "" || i >= 0 && (have[i].Number == "" || have[i].Number == t.Number) {
		return i, false
	}
	if j := slices.IndexFunc(have, func(p Parcel) bool { return p.Number == t.Number && !listed(p.ID, p.Number) }); j >= 0 {
		return j, false
	}
	if i >= 0 && listed("", have[i].Number) {
		return -1, true
	}
	return i, false
}
