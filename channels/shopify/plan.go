package shopify

import (
	"maps"
	"slices"

	"github.com/openmip/openmip/mip"
)

// step is what one parcel asks for.
type step struct {
	mip.Parcel
	known []string       // numbers that were told of it before
	homes []int          // shipments that show it, by index
	take  map[string]int // pieces that leave with it, by line
}

// plan says what is missing of the parcels: shipments with pieces not shipped
// yet, and numbers to put right. It also returns what to remember.
func (w *wireWork) plan(parcels []mip.Parcel) ([]step, map[string]told) {
	memory, left, room := w.memory(), w.left(), w.room()
	pools := make([]map[string]int, len(w.Shipments))
	for i, sh := range w.Shipments {
		pools[i] = map[string]int{}
		for _, l := range sh.Lines.Nodes {
			pools[i][tail("LineItem", l.Line.ID)] += l.Quantity
		}
	}
	var out []step
	for _, p := range parcels {
		t := memory[p.ID]
		st := step{Parcel: p, take: map[string]int{}}
		for _, n := range t.Numbers {
			if n != p.Number && !slices.ContainsFunc(parcels, func(o mip.Parcel) bool { return o.Number == n }) {
				st.known = append(st.known, n)
			}
		}
		for i, sh := range w.Shipments {
			if slices.ContainsFunc(sh.Tracks, st.shownBy) {
				st.homes = append(st.homes, i)
			}
		}
		wanted := w.wanted(p.Items, room)
		switch {
		case len(p.Items) > 0:
		case t.Pieces != nil:
			wanted = maps.Clone(t.Pieces)
		case len(st.homes) == 0:
			wanted = maps.Clone(left) // unknown content: all that is left
			t.Pieces = maps.Clone(left)
		}
		for line, n := range wanted {
			for _, i := range st.homes {
				there := min(n, pools[i][line])
				pools[i][line] -= there
				n -= there
			}
			if n = min(n, left[line]); n > 0 {
				st.take[line] = n
				left[line] -= n
			}
		}
		t.newest(p.Number)
		memory[p.ID] = t
		out = append(out, st)
	}
	return out, memory
}

// shownBy reports whether a number that the shop shows is this parcel's, now
// or before a correction.
func (st step) shownBy(t track) bool {
	return t.Number != "" && (t.Number == st.Number || slices.Contains(st.known, t.Number))
}

// ours returns a shipment that shows any number of ours, −1 if there is none.
func (w *wireWork) ours(memory map[string]told) int {
	return slices.IndexFunc(w.Shipments, func(sh wireShipment) bool {
		return slices.ContainsFunc(sh.Tracks, func(t track) bool {
			for _, m := range memory {
				if slices.Contains(m.Numbers, t.Number) {
					return true
				}
			}
			return false
		})
	})
}

// retrack returns what a shipment should show: the parcels that live there,
// each once, and what others wrote as it is.
func (s *Shop) retrack(sh wireShipment, at int, steps []step) []track {
	tracks := slices.Clone(sh.Tracks)
	for _, st := range steps {
		if !slices.Contains(st.homes, at) {
			continue
		}
		want, placed := s.track(st.Parcel), false
		tracks = slices.DeleteFunc(tracks, func(t track) bool { return placed && st.shownBy(t) })
		var out []track
		for _, t := range tracks {
			switch {
			case !st.shownBy(t):
				out = append(out, t)
			case !placed:
				out, placed = append(out, want), true
			}
		}
		if !placed {
			out = append(out, want)
		}
		tracks = out
	}
	return tracks
}
